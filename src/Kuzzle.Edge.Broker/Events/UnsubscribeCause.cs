namespace Kuzzle.Edge.Broker.Events;

/// <summary>Why subscriptions have ended.</summary>
public enum UnsubscribeCause
{
    /// <summary>By an UNSUBSCRIBE.</summary>
    Requested,

    /// <summary>The client has gone, and its session with it.</summary>
    Closed,

    /// <summary>The session has waited for its client as long as it was to.</summary>
    Expired,

    /// <summary>The client has begun a new session.</summary>
    Replaced,

    /// <summary>A handler has refused them when the session was resumed.</summary>
    Refused,
}
