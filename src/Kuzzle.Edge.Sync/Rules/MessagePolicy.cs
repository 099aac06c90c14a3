namespace Kuzzle.Edge.Sync.Rules;

/// <summary>What becomes of messages that are published in a collection without being stored (<c>realtime:publish</c>, and events of devices that are not kept).</summary>
public enum MessagePolicy
{
    /// <summary>They stay here.</summary>
    None,

    /// <summary>They travel while the link is online.</summary>
    Forward,

    /// <summary>They travel, and are kept for that while it is not.</summary>
    StoreAndForward,
}
