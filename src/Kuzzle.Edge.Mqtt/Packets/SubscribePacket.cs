namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>SUBSCRIBE.</summary>
public sealed record SubscribePacket
{
    /// <summary>Not 0.</summary>
    public required ushort PacketIdentifier { get; init; }

    /// <summary>At least one. [MQTT-3.8.3-3] [MQTT5-3.8.3-2]</summary>
    public required SubscriptionRequest[] Subscriptions { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
