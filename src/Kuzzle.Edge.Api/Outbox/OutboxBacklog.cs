namespace Kuzzle.Edge.Api.Outbox;

/// <summary>How far behind the upstream is, at one moment.</summary>
/// <param name="Entries">How many documents and deletions wait.</param>
/// <param name="Deferred">How many of them wait for their own time, because the upstream could not take them when they were tried.</param>
/// <param name="Parked">How many the upstream has refused for good.</param>
/// <param name="OldestSince">Since when the one waits that has waited longest; null when none does.</param>
public sealed record OutboxBacklog(long Entries, long Deferred, long Parked, DateTimeOffset? OldestSince)
{
    /// <summary>How many bytes the documents have that wait.</summary>
    public long Bytes { get; init; }
}
