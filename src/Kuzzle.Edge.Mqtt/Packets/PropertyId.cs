namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The property identifiers of MQTT 5.0 (2.2.2.2).</summary>
public enum PropertyId : byte
{
    /// <summary>Not a property.</summary>
    None = 0,

    /// <summary>Byte, 0 or 1: the payload is UTF-8 text.</summary>
    PayloadFormatIndicator = 0x01,

    /// <summary>Four bytes: lifetime of the message in seconds.</summary>
    MessageExpiryInterval = 0x02,

    /// <summary>String: what the payload is.</summary>
    ContentType = 0x03,

    /// <summary>String: topic for an answer.</summary>
    ResponseTopic = 0x08,

    /// <summary>Binary: goes back with the answer.</summary>
    CorrelationData = 0x09,

    /// <summary>Variable integer, 1 or more.</summary>
    SubscriptionIdentifier = 0x0B,

    /// <summary>Four bytes: seconds a session outlives its connection.</summary>
    SessionExpiryInterval = 0x11,

    /// <summary>String: the identifier that the server chose.</summary>
    AssignedClientIdentifier = 0x12,

    /// <summary>Two bytes: seconds, chosen by the server.</summary>
    ServerKeepAlive = 0x13,

    /// <summary>String.</summary>
    AuthenticationMethod = 0x15,

    /// <summary>Binary.</summary>
    AuthenticationData = 0x16,

    /// <summary>Byte, 0 or 1.</summary>
    RequestProblemInformation = 0x17,

    /// <summary>Four bytes: seconds.</summary>
    WillDelayInterval = 0x18,

    /// <summary>Byte, 0 or 1.</summary>
    RequestResponseInformation = 0x19,

    /// <summary>String.</summary>
    ResponseInformation = 0x1A,

    /// <summary>String.</summary>
    ServerReference = 0x1C,

    /// <summary>String for people.</summary>
    ReasonString = 0x1F,

    /// <summary>Two bytes, not 0.</summary>
    ReceiveMaximum = 0x21,

    /// <summary>Two bytes.</summary>
    TopicAliasMaximum = 0x22,

    /// <summary>Two bytes, not 0.</summary>
    TopicAlias = 0x23,

    /// <summary>Byte, 0 or 1.</summary>
    MaximumQoS = 0x24,

    /// <summary>Byte, 0 or 1.</summary>
    RetainAvailable = 0x25,

    /// <summary>Two strings; the only one that every packet may repeat.</summary>
    UserProperty = 0x26,

    /// <summary>Four bytes, not 0.</summary>
    MaximumPacketSize = 0x27,

    /// <summary>Byte, 0 or 1.</summary>
    WildcardSubscriptionAvailable = 0x28,

    /// <summary>Byte, 0 or 1.</summary>
    SubscriptionIdentifierAvailable = 0x29,

    /// <summary>Byte, 0 or 1.</summary>
    SharedSubscriptionAvailable = 0x2A,
}
