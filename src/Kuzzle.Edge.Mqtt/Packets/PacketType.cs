namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The control packet types; the value is the upper half of a packet's first byte.</summary>
public enum PacketType : byte
{
    /// <summary>No packet: reserved by the standard.</summary>
    None = 0,

    /// <summary>Client to server: opens the protocol.</summary>
    Connect = 1,

    /// <summary>Server to client: answers CONNECT.</summary>
    Connack = 2,

    /// <summary>A message.</summary>
    Publish = 3,

    /// <summary>Answers a QoS 1 message.</summary>
    Puback = 4,

    /// <summary>Answers a QoS 2 message.</summary>
    Pubrec = 5,

    /// <summary>Answers PUBREC.</summary>
    Pubrel = 6,

    /// <summary>Answers PUBREL.</summary>
    Pubcomp = 7,

    /// <summary>Client to server: asks for subscriptions.</summary>
    Subscribe = 8,

    /// <summary>Server to client: answers SUBSCRIBE.</summary>
    Suback = 9,

    /// <summary>Client to server: ends subscriptions.</summary>
    Unsubscribe = 10,

    /// <summary>Server to client: answers UNSUBSCRIBE.</summary>
    Unsuback = 11,

    /// <summary>Client to server: a sign of life.</summary>
    Pingreq = 12,

    /// <summary>Server to client: answers PINGREQ.</summary>
    Pingresp = 13,

    /// <summary>Says that the connection ends, and why.</summary>
    Disconnect = 14,

    /// <summary>MQTT 5.0: a step of an extended authentication.</summary>
    Auth = 15,
}
