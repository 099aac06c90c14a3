namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>SUBACK.</summary>
public sealed record SubackPacket
{
    /// <summary>That of the SUBSCRIBE.</summary>
    public required ushort PacketIdentifier { get; init; }

    /// <summary>One for each filter, in the same order; refusals are written to 3.x clients as 0x80. [MQTT-3.8.4-5] [MQTT5-3.8.4-6]</summary>
    public required ReasonCode[] ReasonCodes { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
