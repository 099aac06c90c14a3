namespace Kuzzle.Edge.Api.Outbox;

/// <summary>
/// What must still reach the upstream. A write to a synchronised collection and its entry here are one commit, and an entry leaves only when it was
/// acknowledged, so nothing is lost between the two.
/// </summary>
public interface IOutbox
{
    /// <summary>How many entries wait.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>The oldest entries, oldest first, at most <paramref name="max"/>.</summary>
    ValueTask<IReadOnlyList<OutboxEntry>> PeekAsync(int max, CancellationToken cancellationToken);

    /// <summary>Removes delivered entries; one whose document has changed again since it was read stays.</summary>
    Task RemoveAsync(IReadOnlyList<OutboxEntry> delivered, CancellationToken cancellationToken);

    /// <summary>Takes an entry that the upstream refuses for good out of the way, and keeps it with the reason for the operator.</summary>
    Task ParkAsync(OutboxEntry entry, string reason, CancellationToken cancellationToken);

    /// <summary>Completes as soon as there is at least one entry.</summary>
    Task WaitForEntriesAsync(CancellationToken cancellationToken);
}
