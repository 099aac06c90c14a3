namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The message that a client leaves with the server for the case that it disappears.</summary>
public sealed record WillMessage
{
    /// <summary>A valid topic name.</summary>
    public required string Topic { get; init; }

    /// <summary>May be empty.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The QoS to publish it with.</summary>
    public QualityOfService QualityOfService { get; init; }

    /// <summary>Whether to publish it as a retained message.</summary>
    public bool Retain { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
