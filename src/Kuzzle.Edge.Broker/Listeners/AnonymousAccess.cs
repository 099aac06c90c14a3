namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What becomes of clients that connect without a user name.</summary>
public enum AnonymousAccess
{
    /// <summary>They are refused: CONNACK 0x05, in MQTT 5 0x87.</summary>
    Refused,

    /// <summary>They are welcome.</summary>
    Allowed,
}
