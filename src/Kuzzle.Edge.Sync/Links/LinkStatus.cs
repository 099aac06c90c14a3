namespace Kuzzle.Edge.Sync.Links;

/// <summary>What an operator wants to know of the link, at one moment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why it is not online, in a sentence; null while it is.</param>
/// <param name="LastDelivery">When the upstream last acknowledged a document; null when it has not since the process began.</param>
/// <param name="Delivered">How many documents (and deletions) it has acknowledged since the process began.</param>
/// <param name="Parked">How many it has refused for good since the process began.</param>
public sealed record LinkStatus(LinkState State, DateTimeOffset Since, string? Reason, DateTimeOffset? LastDelivery, long Delivered, long Parked)
{
    /// <summary>By what it is connected: <c>websocket</c> or <c>http</c>; null while it is not.</summary>
    public string? Transport { get; init; }

    /// <summary>How often the upstream began to answer since the process began.</summary>
    public long Connections { get; init; }

    /// <summary>When the next attempt to connect begins by itself; null while none waits for its time.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>How many attempts have failed since the upstream last answered.</summary>
    public int Attempts { get; init; }

    /// <summary>How often in a row the link has failed by a fault of this program; each is in the log.</summary>
    public int Faults { get; init; }

    /// <summary>Why it was offline last; null when it has not been since the process began.</summary>
    public string? LastError { get; init; }
}
