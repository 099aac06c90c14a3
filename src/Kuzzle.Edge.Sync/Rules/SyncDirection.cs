namespace Kuzzle.Edge.Sync.Rules;

/// <summary>Which way documents go.</summary>
public enum SyncDirection
{
    /// <summary>From here to the upstream.</summary>
    Up,

    /// <summary>From the upstream to here.</summary>
    Down,

    /// <summary>Both ways.</summary>
    Both,
}
