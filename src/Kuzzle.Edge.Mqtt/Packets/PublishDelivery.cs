namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>What differs from recipient to recipient.</summary>
public readonly ref struct PublishDelivery
{
    /// <summary>Not 0 at QoS 1 and 2; not written at QoS 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>Set on redelivery only. [MQTT-3.3.1-1] [MQTT5-3.3.1-1]</summary>
    public bool Duplicate { get; init; }

    /// <summary>The RETAIN flag as this recipient is to see it.</summary>
    public bool Retain { get; init; }

    /// <summary>MQTT 5.0: those of all subscriptions that matched, in any order; left out for 3.x. [MQTT5-3.3.4-3] [MQTT5-3.3.4-4]</summary>
    public ReadOnlySpan<uint> SubscriptionIdentifiers { get; init; }
}
