namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>UNSUBACK.</summary>
public sealed record UnsubackPacket
{
    /// <summary>That of the UNSUBSCRIBE.</summary>
    public required ushort PacketIdentifier { get; init; }

    /// <summary>MQTT 5.0: one for each filter, in the same order; 3.x has none on the wire. [MQTT5-3.11.3-1]</summary>
    public required ReasonCode[] ReasonCodes { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
