namespace Kuzzle.Edge.CommandLine;

/// <summary>What is asked for by <c>kuzzle-edge sync</c>.</summary>
/// <param name="Action">The action of <c>edge/sync</c>.</param>
/// <param name="Collection">For <c>resync</c>: index/collection; else null.</param>
internal sealed record SyncRequest(string Action, string? Collection = null)
{
    /// <summary>Whether the answer is printed as JSON.</summary>
    public bool AsJson { get; init; }

    /// <summary>Whether it is shown what becomes of the backlog.</summary>
    public bool IsWatched { get; init; }
}
