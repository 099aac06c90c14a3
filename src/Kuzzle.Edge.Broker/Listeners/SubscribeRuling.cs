namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What becomes of one filter of a SUBSCRIBE. Ordered by severity.</summary>
public enum SubscribeRuling
{
    /// <summary>Granted.</summary>
    Grant,

    /// <summary>Refused in the SUBACK: 0x80, in MQTT 5 0x87. The connection stays.</summary>
    Refuse,

    /// <summary>The connection is closed at once; nothing of the packet is granted and no SUBACK is sent.</summary>
    Disconnect,
}
