namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What becomes of a publication.</summary>
public enum PublishRuling
{
    /// <summary>It goes to the subscription tree.</summary>
    Route,

    /// <summary>It belongs to the dialect: <see cref="IListenerProfile.Take"/> gets it, the tree does not.</summary>
    Take,

    /// <summary>It is dropped and, in MQTT 5, acknowledged with reason code 0x87; in 3.1.1 acknowledged as if delivered. [MQTT-3.3.5-2]</summary>
    Refuse,

    /// <summary>The connection is closed at once, without an acknowledgement (a will is dropped).</summary>
    Disconnect,
}
