using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Reading;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>The outbox of a <see cref="SqliteDocumentStore"/>, in the same file: a write and its entry are one commit.</summary>
public sealed class SqliteOutbox : IOutbox
{
    /// <summary>Some requests' worth: five hundred documents of a megabyte would end a small board's process.</summary>
    private const long MaxPeekBytes = 4 * 1024 * 1024;

    private readonly ReaderThreads _readers;
    private readonly WorkQueue<WriteOperation> _writes;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private TaskCompletionSource _grown = NewSignal();

    internal SqliteOutbox(ReaderThreads readers, WorkQueue<WriteOperation> writes, TimeProvider clock)
    {
        _readers = readers;
        _writes = writes;
        _clock = clock;
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken) =>
        await _readers.ReadAsync(static connection => connection.Database.QueryInt64("SELECT count(*) FROM outbox"), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<OutboxBacklog> MeasureAsync(CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => Measure(connection, Now), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OutboxEntry>> PeekAsync(int max, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(connection => Peek(connection, max, Now), cancellationToken);

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
        DoAsync(new ParkEntry(entry, reason, _clock.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public Task<long> RetryAsync(CancellationToken cancellationToken) => DoAsync(new RetryEntries(), cancellationToken);

    /// <inheritdoc/>
    public async Task EnqueueAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > 0) await DoAsync(new EnqueueDocuments(collection, ids), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long?> EnqueueAllAsync(CollectionName collection, CancellationToken cancellationToken) =>
        DoAsync(new EnqueueCollection(collection), cancellationToken);

    /// <inheritdoc/>
    public async Task WaitForEntriesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the count: what comes in between is seen by one of the two.
            Task grown;
            lock (_lock) grown = _grown.Task;
            if (await _readers.ReadAsync(connection => IsAnyDue(connection, Now), cancellationToken)) return;

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

    internal void SignalGrowth()
    {
        lock (_lock)
        {
            _grown.TrySetResult();
            _grown = NewSignal();
        }
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<T> DoAsync<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        await _writes.EnqueueAsync(operation, cancellationToken);
        return await operation.Durable;
    }

    private static bool IsAnyDue(ReadConnection connection, long now)
    {
        using var due = connection.Database.Prepare("SELECT 1 FROM outbox WHERE not_before <= ?1 LIMIT 1");
        due.Bind(1, now);
        return due.Step();
    }

    private static OutboxBacklog Measure(ReadConnection connection, long now)
    {
        using var measure = connection.Database.Prepare(
            "SELECT count(*), coalesce(sum(not_before > ?1), 0), min(since), (SELECT count(*) FROM outbox_parked) FROM outbox");
        measure.Bind(1, now);
        measure.Step();
        return new OutboxBacklog(
            measure.Int64(0), measure.Int64(1), measure.Int64(3), measure.IsNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(measure.Int64(2)));
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

    private static List<OutboxEntry> Peek(ReadConnection connection, int max, long now)
    {
        // From the same state of the database as the entries: the published catalogue may be a moment older, and a document whose collection it does not
        // know yet would go upstream as deleted.
        var tables = new Dictionary<CollectionName, long?>();
        var entries = new List<OutboxEntry>();
        var bytes = 0L;
        using var oldest = connection.Database.Prepare(
            """
            SELECT sequence, index_name, collection, id, attempts,
                (SELECT fingerprint FROM upstream_marks m WHERE m.index_name = o.index_name AND m.collection = o.collection AND m.id = o.id)
            FROM outbox o WHERE not_before <= ?2 ORDER BY priority DESC, sequence LIMIT ?1
            """);
        oldest.Bind(1, max);
        oldest.Bind(2, now);
        while (bytes < MaxPeekBytes && oldest.Step())
        {
            var collection = new CollectionName(oldest.Text(1), oldest.Text(2));
            if (!tables.TryGetValue(collection, out var number)) tables.Add(collection, number = TableOf(connection, collection));
            var id = oldest.Text(3);
            var document = number is { } known ? DocumentReads.Find(connection, CollectionTable.FindSqlOf(known), id) : null;
            bytes += document?.Json.Length ?? 0;
            entries.Add(new OutboxEntry(oldest.Int64(0), collection, id, document)
            {
                Attempts = (int)oldest.Int64(4),
                Known = oldest.IsNull(5) ? null : UpstreamMark.Read(oldest.Blob(5)),
            });
        }

        return entries;
    }

    private static long? TableOf(ReadConnection connection, CollectionName collection)
    {
        using var find = connection.Database.Prepare(
            "SELECT c.number FROM collections c JOIN indexes i ON i.number = c.index_number WHERE i.name = ?1 AND c.name = ?2");
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        return find.Step() ? find.Int64(0) : null;
    }
}
