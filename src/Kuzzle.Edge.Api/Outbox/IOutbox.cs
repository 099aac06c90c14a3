using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>
/// What must still reach the upstream. A write to a synchronised collection and its entry here are one commit, and an entry leaves only when it was
/// acknowledged, so nothing is lost between the two.
/// </summary>
public interface IOutbox
{
    /// <summary>How full it is, as of the last commit.</summary>
    OutboxTotals Totals { get; }

    /// <summary>How many entries wait.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>How far behind the upstream is.</summary>
    ValueTask<OutboxBacklog> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The entries to be delivered next, at most <paramref name="max"/> and of some megabytes: the most urgent first, of those the oldest entries. Deferred ones
    /// come when their time has.
    /// </summary>
    /// <param name="max">How many at the most.</param>
    /// <param name="leastPriority">Those that are less urgent are passed over.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<OutboxEntry>> PeekAsync(int max, int leastPriority, CancellationToken cancellationToken);

    /// <summary>How urgent the most urgent entry is that is not deferred; null when there is none.</summary>
    ValueTask<int?> FindUrgencyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Removes delivered entries; one whose document has changed again since it was read stays. <see cref="OutboxEntry.Held"/> of each becomes what the upstream is known
    /// to hold.
    /// </summary>
    Task RemoveAsync(IReadOnlyList<OutboxEntry> delivered, CancellationToken cancellationToken);

    /// <summary>
    /// Notes what the upstream holds as <see cref="RemoveAsync"/> does, but leaves the entries, to be delivered once more at a moment: an older write of the same documents may still be
    /// on its way.
    /// </summary>
    Task RepeatAsync(IReadOnlyList<OutboxEntry> delivered, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Lets entries wait until a moment, and counts the attempt.</summary>
    Task DeferAsync(IReadOnlyList<OutboxEntry> entries, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Takes an entry that the upstream refuses for good out of the way, and keeps it with the reason for the operator.</summary>
    Task ParkAsync(OutboxEntry entry, string reason, CancellationToken cancellationToken);

    /// <summary>What the upstream has refused for good, oldest first, at most <paramref name="max"/>.</summary>
    ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken);

    /// <summary>
    /// Puts all that was refused for good until now, and all that is deferred, where it is tried again at once; piece by piece, so what is cut short has done some of it. Answers how many.
    /// </summary>
    Task<long> RetryAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts documents in the outbox as they are, deleted ones included; those in there go to its end. One that was removed here only (<see cref="LocalRemoval"/>) is not: what the upstream
    /// holds is the last of it.
    /// </summary>
    Task EnqueueAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Has every document of a collection put in the outbox that does not wait there. That it is to be done is on the disk when this returns, and counts as waiting; it is done piece by
    /// piece, and goes on where it was after a restart. Answers how many documents there are, none when the collection does not go up; null when there is no such collection.
    /// </summary>
    Task<long?> EnqueueAllAsync(CollectionName collection, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="EnqueueAllAsync"/>, for an upstream that may have nothing of it: what has begun already is not gone on with, but begins with the first document again.
    /// </summary>
    Task<long?> EnqueueAnewAsync(CollectionName collection, CancellationToken cancellationToken);

    /// <summary>
    /// Puts other routes in force: for each write that is stored after this has returned, and, piece by piece, for what waits. What waits of a collection that does not go up any more is
    /// taken out, and what the upstream holds of one that goes neither way is not known any more.
    /// </summary>
    Task ChangeRoutesAsync(Func<CollectionName, UpstreamRoute> routeOf, CancellationToken cancellationToken);

    /// <summary>Gives up what was refused for good until now, piece by piece: it stays here as it is, and goes up when it changes. Answers how many.</summary>
    Task<long> DropParkedAsync(CancellationToken cancellationToken);

    /// <summary>Completes as soon as there is at least one entry whose time has come, and that is at least as urgent as <paramref name="leastPriority"/>.</summary>
    Task WaitForEntriesAsync(int leastPriority, CancellationToken cancellationToken);

    /// <summary>
    /// What the upstream is known to hold of a collection: of the documents behind <paramref name="after"/> up to <paramref name="last"/> (null: to the end) in the order of the bytes of
    /// their identifiers, and of <paramref name="ids"/>.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, UpstreamMark>> MarksAsync(
        CollectionName collection, string after, string? last, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Of how many documents of a collection the upstream is known to hold something.</summary>
    ValueTask<long> CountMarksAsync(CollectionName collection, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets what the upstream is known to hold of some collections, piece by piece: it is another one now. When this returns it is all forgotten, and that is on the disk; what is cut
    /// short has forgotten some of it.
    /// </summary>
    /// <param name="isMeant">Which collections. Must be pure, for it is asked again for each piece; on any thread.</param>
    /// <param name="cancellationToken">Ends it between two pieces.</param>
    Task ForgetMarksAsync(Func<CollectionName, bool> isMeant, CancellationToken cancellationToken);

    /// <summary>
    /// Of the documents of a collection that the upstream is known to hold as they are here: those for which that has been so since before a moment, the longest first.
    /// </summary>
    ValueTask<IReadOnlyList<UploadedDocument>> UploadedAsync(CollectionName collection, DateTimeOffset before, int max, CancellationToken cancellationToken);
}
