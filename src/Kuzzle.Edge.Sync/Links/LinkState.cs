namespace Kuzzle.Edge.Sync.Links;

/// <summary>How the link to the upstream stands.</summary>
public enum LinkState
{
    /// <summary>Not connected; the next attempt waits for its time.</summary>
    Offline,

    /// <summary>An attempt is under way.</summary>
    Connecting,

    /// <summary>The upstream answers.</summary>
    Online,

    /// <summary>The operator has paused it.</summary>
    Suspended,

    /// <summary>Stopped with the process.</summary>
    Stopped,
}
