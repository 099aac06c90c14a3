namespace Kuzzle.Edge.Mqtt;

/// <summary>The reason codes of MQTT 5.0 (2.4), under the standard's names. Older versions get the nearest code they have when a packet is written.</summary>
public enum ReasonCode : byte
{
    /// <summary>0x00: success, normal disconnection, or QoS 0 granted.</summary>
    Success = 0x00,

    /// <summary>0x01: QoS 1 granted.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>0x02: QoS 2 granted.</summary>
    GrantedQoS2 = 0x02,

    /// <summary>0x04: the client leaves and wants its will published.</summary>
    DisconnectWithWillMessage = 0x04,

    /// <summary>0x10: accepted, but nobody subscribes to it.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>0x11: there was nothing to unsubscribe.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>0x18: the authentication goes on.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>0x19: the client starts a new authentication.</summary>
    ReAuthenticate = 0x19,

    /// <summary>0x80: refused for a reason that is not told or has no code.</summary>
    UnspecifiedError = 0x80,

    /// <summary>0x81: the packet does not follow the standard's format.</summary>
    MalformedPacket = 0x81,

    /// <summary>0x82: the packet is well formed, but not allowed here.</summary>
    ProtocolError = 0x82,

    /// <summary>0x83: valid, but this implementation does not do it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>0x84: the protocol level is not supported.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>0x85: the client identifier is not allowed.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>0x86: user name or password is wrong.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>0x87: the client may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>0x88: the server is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>0x89: the server is busy; try again later.</summary>
    ServerBusy = 0x89,

    /// <summary>0x8A: the client is banned.</summary>
    Banned = 0x8A,

    /// <summary>0x8B: the server shuts down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>0x8C: the authentication method is not supported, or not the one of this connection.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>0x8D: nothing was received within one and a half keep-alive times.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>0x8E: another connection uses the same client identifier.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>0x8F: the topic filter is well formed text, but not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>0x90: the topic name is well formed text, but not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>0x91: the packet identifier is in use.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>0x92: the packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>0x93: more unacknowledged messages than Receive Maximum allows.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>0x94: a topic alias of zero or above the maximum.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>0x95: the packet is larger than the receiver takes.</summary>
    PacketTooLarge = 0x95,

    /// <summary>0x96: messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>0x97: a limit of the implementation or of an administrator is exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>0x98: closed by an administrator.</summary>
    AdministrativeAction = 0x98,

    /// <summary>0x99: the payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>0x9A: the server does not keep retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>0x9B: the QoS is above Maximum QoS.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>0x9C: use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>0x9D: the server has moved for good.</summary>
    ServerMoved = 0x9D,

    /// <summary>0x9E: shared subscriptions are not supported.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>0x9F: connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>0xA0: this connection has lasted as long as it may.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>0xA1: subscription identifiers are not supported.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>0xA2: wildcards in filters are not supported.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
