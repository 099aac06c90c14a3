namespace Kuzzle.Edge.Api.Outbox;

/// <summary>How full the outbox is, as of the last commit.</summary>
/// <param name="Entries">How many documents and deletions wait.</param>
/// <param name="Bytes">How many bytes the documents have that wait.</param>
/// <param name="Parked">How many documents the upstream has refused for good.</param>
/// <param name="Dropped">How many changes were given up for want of room since the process began.</param>
/// <param name="Refused">How many writes were refused for want of room since the process began.</param>
public sealed record OutboxTotals(long Entries, long Bytes, long Parked, long Dropped, long Refused)
{
    /// <summary>Nothing waits.</summary>
    public static OutboxTotals Nothing { get; } = new(0, 0, 0, 0, 0);
}
