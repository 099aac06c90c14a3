namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>CONNACK.</summary>
public sealed record ConnackPacket
{
    /// <summary>Whether the server had a session for the client. Must be false beside a refusal. [MQTT-3.2.2-4] [MQTT5-3.2.2-6]</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Written to 3.x clients as the nearest return code; read from a 3.x server as the reason code of the same meaning.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
