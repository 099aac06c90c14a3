namespace Kuzzle.Edge.Broker.Events;

/// <summary>Whether a client that connects has found its session.</summary>
public enum SessionPresence
{
    /// <summary>It has begun a new one, or was refused.</summary>
    New,

    /// <summary>It goes on with the one it had.</summary>
    Resumed,
}
