namespace Kuzzle.Edge.Api.Outbox;

/// <summary>How the link to the upstream is.</summary>
public enum SyncHealthLevel
{
    /// <summary>The upstream answers.</summary>
    Good,

    /// <summary>It does not, or was paused: what a link is made for, and no fault of this box.</summary>
    Waiting,

    /// <summary>The link fails again and again by a fault of the program.</summary>
    Broken,
}
