using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Reading;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>The outbox of a <see cref="SqliteDocumentStore"/>, in the same file: a write and its entry are one commit.</summary>
public sealed class SqliteOutbox : IOutbox
{
    private readonly ReaderThreads _readers;
    private readonly WorkQueue<WriteOperation> _writes;
    private readonly TimeProvider _clock;
    private readonly OutboxTable _table;
    private readonly OutboxPieces _pieces;
    private readonly Lock _lock = new();
    private TaskCompletionSource _grown = NewSignal();

    internal SqliteOutbox(ReaderThreads readers, WorkQueue<WriteOperation> writes, OutboxTable table, OutboxPieces pieces, TimeProvider clock)
    {
        _table = table;
        _pieces = pieces;
        _readers = readers;
        _writes = writes;
        _clock = clock;
    }

    /// <inheritdoc/>
    public OutboxTotals Totals => _table.Totals;

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken) =>
        await _readers.ReadAsync(static connection => connection.Database.QueryInt64("SELECT count(*) FROM outbox"), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<OutboxBacklog> MeasureAsync(CancellationToken cancellationToken)
    {
        // Counting a million entries would hold up whoever asks for a document; the writer knows how many there are.
        var totals = Totals;
        var (deferred, oldest) = await _readers.ReadAsync(connection => Measure(connection, Now), cancellationToken);
        return new OutboxBacklog(totals.Entries, deferred, totals.Parked, oldest) { Bytes = totals.Bytes };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OutboxEntry>> PeekAsync(int max, int leastPriority, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => OutboxReads.Peek(connection, max, leastPriority, Now), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int?> FindUrgencyAsync(CancellationToken cancellationToken) => await _readers.ReadAsync(OutboxReads.FindUrgency, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(IReadOnlyList<OutboxEntry> delivered, CancellationToken cancellationToken)
    {
        if (delivered.Count > 0) await DoAsync(new RemoveEntries(delivered), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RepeatAsync(IReadOnlyList<OutboxEntry> delivered, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (delivered.Count > 0) await DoAsync(new RepeatEntries(delivered, at), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeferAsync(IReadOnlyList<OutboxEntry> entries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (entries.Count > 0) await DoAsync(new DeferEntries(entries, until), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ParkAsync(OutboxEntry entry, string reason, CancellationToken cancellationToken) =>
        DoAsync(new ParkEntry(entry, reason), cancellationToken);

    /// <inheritdoc/>
    public async Task<long> RetryAsync(CancellationToken cancellationToken)
    {
        var deferred = await _readers.ReadAsync(static connection => connection.Database.QueryInt64("SELECT count(*) FROM outbox WHERE not_before > 0"), cancellationToken);
        var count = await TakeParkedAsync(static last => new RetryEntries(last), cancellationToken);
        for (var step = 1; deferred > 0 && step > 0; deferred -= step) // No more than there were: some may be deferred again meanwhile.
        {
            step = await DoAsync(new WakeEntries(), cancellationToken);
            count += step;
        }

        return count;
    }

    /// <inheritdoc/>
    public async Task EnqueueAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > 0) await DoAsync(new EnqueueDocuments(collection, ids), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long?> EnqueueAllAsync(CollectionName collection, CancellationToken cancellationToken) => EnqueueAsync(collection, FillStart.WhereItIs, cancellationToken);

    /// <inheritdoc/>
    public Task<long?> EnqueueAnewAsync(CollectionName collection, CancellationToken cancellationToken) => EnqueueAsync(collection, FillStart.Anew, cancellationToken);

    /// <inheritdoc/>
    public async Task ChangeRoutesAsync(Func<CollectionName, UpstreamRoute> routeOf, CancellationToken cancellationToken)
    {
        var before = await DoAsync(new ChangeRoutes(routeOf), cancellationToken);
        _pieces.Follow(before == routeOf ? null : before);
    }

    /// <inheritdoc/>
    public Task<long> DropParkedAsync(CancellationToken cancellationToken) => TakeParkedAsync(static last => new DropParked(last), cancellationToken);

    /// <inheritdoc/>
    public async Task WaitForEntriesAsync(int leastPriority, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the count: what comes in between is seen by one of the two.
            Task grown;
            lock (_lock) grown = _grown.Task;
            if (await _readers.ReadAsync(connection => OutboxReads.IsAnyDue(connection, leastPriority, Now), cancellationToken)) return;

            await grown.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => Parked(connection, max), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, UpstreamMark>> MarksAsync(
        CollectionName collection, string after, string? last, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => Marks.Read(connection.Database, collection, after, last, ids), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UploadedDocument>> UploadedAsync(CollectionName collection, DateTimeOffset before, int max, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => Marks.Uploaded(connection.Database, collection, before.ToUnixTimeMilliseconds(), max), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> CountMarksAsync(CollectionName collection, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => Marks.Count(connection.Database, collection), cancellationToken);

    /// <inheritdoc/>
    public async Task ForgetMarksAsync(Func<CollectionName, bool> isMeant, CancellationToken cancellationToken)
    {
        for (CollectionName? done = new CollectionName("", ""); done is { } place;) done = await DoAsync(new ForgetMarks(place, isMeant), cancellationToken);
    }

    /// <summary>Completes when no collection is being entered as a whole, and all follows its route.</summary>
    internal Task Settled => _pieces.Idle;

    internal void SignalGrowth()
    {
        lock (_lock)
        {
            _grown.TrySetResult();
            _grown = NewSignal();
        }
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<long?> EnqueueAsync(CollectionName collection, FillStart start, CancellationToken cancellationToken)
    {
        var documents = await DoAsync(new EnqueueCollection(collection, start), cancellationToken);
        if (documents > 0) _pieces.Fill();
        return documents;
    }

    /// <summary>Does something with all that is parked now, piece by piece; what is parked meanwhile stays.</summary>
    private async Task<long> TakeParkedAsync(Func<long, WriteOperation<int>> pieceUpTo, CancellationToken cancellationToken)
    {
        var last = await _readers.ReadAsync(static connection => connection.Database.QueryInt64("SELECT coalesce(max(sequence), 0) FROM outbox_parked"), cancellationToken);
        var count = 0L;
        while (await DoAsync(pieceUpTo(last), cancellationToken) is > 0 and var step) count += step;
        return count;
    }

    private async Task<T> DoAsync<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        await _writes.EnqueueAsync(operation, cancellationToken);
        return await operation.Durable;
    }

    private static (long Deferred, DateTimeOffset? Oldest) Measure(ReadConnection connection, long now)
    {
        using var measure = connection.Database.Prepare("SELECT (SELECT count(*) FROM outbox WHERE not_before > 0 AND not_before > ?1), (SELECT min(since) FROM outbox)");
        measure.Bind(1, now);
        measure.Step();
        return (measure.Int64(0), measure.IsNull(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(measure.Int64(1)));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static List<ParkedEntry> Parked(ReadConnection connection, int max)
    {
        var entries = new List<ParkedEntry>();
        using var parked = connection.Database.Prepare("SELECT index_name, collection, id, reason, parked_at FROM outbox_parked ORDER BY sequence LIMIT ?1");
        parked.Bind(1, max);
        while (parked.Step())
        {
            var collection = new CollectionName(parked.Text(0), parked.Text(1));
            entries.Add(new ParkedEntry(collection, parked.Text(2), parked.Text(3), DateTimeOffset.FromUnixTimeMilliseconds(parked.Int64(4))));
        }

        return entries;
    }
}
