namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>UNSUBSCRIBE.</summary>
public sealed record UnsubscribePacket
{
    /// <summary>Not 0.</summary>
    public required ushort PacketIdentifier { get; init; }

    /// <summary>At least one. [MQTT-3.10.3-2] [MQTT5-3.10.3-2]</summary>
    public required UnsubscribeRequest[] Filters { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
