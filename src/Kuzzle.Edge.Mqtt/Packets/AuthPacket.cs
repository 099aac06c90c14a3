namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>AUTH, MQTT 5.0 only.</summary>
public sealed record AuthPacket
{
    /// <summary>Success, continue or re-authenticate.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Method and data; null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
