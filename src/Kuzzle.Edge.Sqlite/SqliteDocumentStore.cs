using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Outbox;
using Kuzzle.Edge.Sqlite.Reading;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search;
using Kuzzle.Edge.Sqlite.Space;
using Kuzzle.Edge.Sqlite.Writing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite;

/// <summary>
/// Documents in one SQLite file, <c>documents.db</c> in the storage directory. One thread writes and commits in groups, a few threads read, and no caller's
/// thread ever waits for the disk. Dispose it to finish what waits and close the file.
/// </summary>
public sealed partial class SqliteDocumentStore : IDocumentStore, IStorageSpace, IAsyncDisposable
{
    /// <summary>Each has a connection with half a megabyte of its own, and holds back the cleaning of the log.</summary>
    private const int MaxScrolls = 64;

    private readonly HashSet<SearchScroll> _scrolls = [];
    private readonly SqliteStoreOptions _options;
    private readonly string _file;
    private readonly StorageLock _lock;
    private readonly WorkQueue<WriteOperation> _writes;
    private readonly GroupCommitWriter _writer;
    private readonly ReaderThreads _lookups;
    private readonly ReaderThreads _searches;
    private readonly TimeProvider _clock;
    private readonly long _maxPageBytes;
    private readonly SqliteOutbox _outbox;
    private readonly OutboxPieces _pieces;
    private readonly OverflowLog _overflow;
    private readonly ScanLog _scans;
    private readonly IndexBuilder _indexes;
    private readonly DocumentCounts _counts;
    private volatile StoredCatalogue _catalogue;
    private int _disposed;

    private SqliteDocumentStore(StorageLock storageLock, SqliteConnection connection, SqliteStoreOptions options, ILogger logger, TimeProvider clock)
    {
        _lock = storageLock;
        _clock = clock;
        _options = options;
        _file = connection.File;
        _maxPageBytes = options.MaxPageBytes;
        var context = new WriteContext(connection, options, clock) { Catalogue = StoredCatalogue.Load(connection) };
        _catalogue = context.Catalogue;
        _counts = context.Counts;
        _writes = new WorkQueue<WriteOperation>(options.WriteQueueCapacity);
        _writer = new GroupCommitWriter(_writes, connection, context, Publish, options.Durability, logger);
        _lookups = new ReaderThreads("sqlite-lookup", connection.File, threads: 1, options);
        _searches = new ReaderThreads("sqlite-search", connection.File, options.SearchThreads, options);
        _pieces = new OutboxPieces(_writes, clock, logger);
        _outbox = new SqliteOutbox(_lookups, _writes, context.Outbox, _pieces, clock);
        _overflow = new OverflowLog(options.Outbox, clock, logger);
        _scans = new ScanLog(logger);
        _indexes = new IndexBuilder(_writes, clock, logger);
        var isFilling = connection.QueryInt64("SELECT EXISTS (SELECT 1 FROM outbox_fills)") != 0;
        _writer.Start();
        if (isFilling) _pieces.Fill();
        _indexes.Check(_catalogue.Tables);
    }

    /// <inheritdoc/>
    public Catalogue Catalogue => _catalogue.Catalogue;

    /// <summary>What must still go upstream.</summary>
    public SqliteOutbox Outbox => _outbox;

    /// <summary>Why the last write failed, for people; null since one has succeeded again.</summary>
    public string? Fault => _writer.Fault;

    /// <summary>How the store is doing.</summary>
    public SqliteStoreStatistics Statistics => new(_writer.Commits, _writer.Operations, _writes.Count, _writes.Waits, _lookups.Waiting + _searches.Waiting);

    /// <summary>Completes when no index is being built.</summary>
    internal Task IndexesBuilt => _indexes.Idle;

    /// <summary>Opens the store of a directory, or makes one. Blocks on the disk: for the start of a program.</summary>
    /// <exception cref="DocumentStoreException">It cannot be used; the message says why and what to do.</exception>
    public static SqliteDocumentStore Open(SqliteStoreOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<SqliteDocumentStore>();
        LogVersion(logger, SqliteEngine.Version);
        var directory = Path.GetFullPath(options.Directory);
        var storageLock = StorageLock.Take(directory, StorageFiles.Lock);
        var file = Path.Combine(directory, StorageFiles.Documents);
        try
        {
            StagedRestore.Finish(directory, logger);
            return DamagedFiles.OpenOrBegin(file, options.Durability, clock, logger, () => Open(file, storageLock, options, clock, logger));
        }
        catch (SqliteException exception)
        {
            storageLock.Dispose();
            throw exception.ToStoreException();
        }
        catch
        {
            storageLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> CreateIndexAsync(string index, CancellationToken cancellationToken) => DoAsync(new CreateIndex(index), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteIndexesAsync(IReadOnlyList<string> indexes, CancellationToken cancellationToken) =>
        DoAsync(new DeleteIndexes(indexes), cancellationToken);

    /// <inheritdoc/>
    public Task DefineCollectionAsync(
        CollectionName name, Func<CollectionDefinition?, CollectionDefinition> define, CancellationToken cancellationToken) =>
        DefineAsync(name, define, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteCollectionAsync(CollectionName name, CancellationToken cancellationToken) => DoAsync(new DeleteCollection(name), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TruncateAsync(CollectionName name, CancellationToken cancellationToken) => DoAsync(new TruncateCollection(name), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CollectionSize>> MeasureAsync(IReadOnlyList<CollectionName> collections, CancellationToken cancellationToken)
    {
        var sizes = new CollectionSize[collections.Count];
        for (var i = 0; i < sizes.Length; i++)
        {
            // One turn on a reader's thread for each, so that searches need not wait for all of them.
            if (_catalogue.TryGetTable(collections[i], out var table)) sizes[i] = await _searches.ReadAsync(connection => DocumentReads.Measure(connection, table), cancellationToken);
        }

        return sizes;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredDocument?> FindAsync(CollectionName collection, string id, CancellationToken cancellationToken) =>
        _catalogue.TryGetTable(collection, out var table)
            ? await _lookups.ReadAsync(connection => DocumentReads.Find(connection, table, id), cancellationToken)
            : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDocument?>> FindAsync(
        CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _catalogue.TryGetTable(collection, out var table)
            ? await _lookups.ReadAsync(connection => DocumentReads.Find(connection, table, ids), cancellationToken)
            : new StoredDocument?[ids.Count];

    /// <inheritdoc/>
    public Task<IReadOnlyList<WriteOutcome>?> WriteAsync(
        CollectionName collection, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken) =>
        DoAsync(new WriteDocuments(collection, writes), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WriteOutcome>?> WriteAsync(
        IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes, CancellationToken cancellationToken) => DoAsync(new WriteCollections(writes), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SearchOutcome> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var plan = SearchPlan.Of(request, Tables(request.Targets), _clock.GetUtcNow());
        return await SearchAsync(plan, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IDocumentScroll?> OpenScrollAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        lock (_scrolls)
        {
            if (_scrolls.Count >= MaxScrolls) return ValueTask.FromResult<IDocumentScroll?>(null);
            var scroll = new SearchScroll(
                request, asked => SearchPlan.Of(asked, Tables(asked.Targets), _clock.GetUtcNow()), _file, _options, _searches, Forget);
            _scrolls.Add(scroll);
            return ValueTask.FromResult<IDocumentScroll?>(scroll);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SearchOutcome> CountAsync(CollectionName collection, JsonElement query, CancellationToken cancellationToken)
    {
        var plan = SearchPlan.OfCount(query, Tables([collection]), _clock.GetUtcNow());
        return await SearchAsync(plan, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<DocumentPage> WalkAsync(CollectionName collection, JsonElement query, long after, CancellationToken cancellationToken)
    {
        if (Tables([collection]) is not [var table]) return new DocumentPage(Refusal: null, [], Next: null);

        try
        {
            return await _searches.ReadAsync(DocumentWalk.Plan(table, query, after, _clock.GetUtcNow()).Run, cancellationToken);
        }
        catch (SearchRefusedException refused)
        {
            return new DocumentPage(refused.Refusal, [], Next: null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StorageSpace> MeasureSpaceAsync(CancellationToken cancellationToken) => await _searches.ReadAsync(
        connection =>
        {
            var disk = _options.MeasureDisk(_options.Directory);
            return disk with { FreeBytes = disk.FreeBytes + DiskGuard.ReusableBytes(connection.Database) };
        },
        cancellationToken);

    /// <summary>
    /// Completes when the writer has taken its turn. After a failed write it writes, too, so that a disk that has room again is noticed without a client that tries. Does not fail for
    /// a disk that is full or read-only, which <see cref="Fault"/> tells: a new process could write no more.
    /// </summary>
    /// <exception cref="DocumentStoreException">The writer cannot work any more.</exception>
    public async Task ProbeWriterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(new ProbeWriter(Fault is not null), cancellationToken);
        }
        catch (DocumentStoreException exception) when (exception.Fault is DocumentStoreFault.Full or DocumentStoreFault.Unwritable)
        {
            // Told by the fault, for as long as it lasts.
        }
    }

    /// <summary>Takes no more work, finishes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;

        try
        {
            await _indexes.StopAsync();
            await _pieces.DisposeAsync();
            SearchScroll[] open;
            lock (_scrolls) open = [.. _scrolls];
            foreach (var scroll in open) await scroll.DisposeAsync();
            await _lookups.DisposeAsync();
            await _searches.DisposeAsync();

            // Last, so that its closing checkpoint finds no reader in its way and leaves one file.
            _writes.Close(takers: 1);
            await _writer.Ended;
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private static SqliteDocumentStore Open(string file, StorageLock storageLock, SqliteStoreOptions options, TimeProvider clock, ILogger logger)
    {
        var connection = EarlierVersions.Open(file, DocumentSchema.Current, new DatabaseSettings(options.Durability, options.CacheKiB, CheckpointPages: 1000), clock, logger);
        try
        {
            return new SqliteDocumentStore(storageLock, connection, options, logger, clock);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task DefineAsync(CollectionName name, Func<CollectionDefinition?, CollectionDefinition> define, CancellationToken cancellationToken)
    {
        await DoAsync(new DefineCollection(name, define), cancellationToken);
        if (_catalogue.TryGetTable(name, out var table)) _indexes.Notice(table);
    }

    private async Task<T> DoAsync<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        await _writes.EnqueueAsync(operation, cancellationToken);

        // Not cancellable: once queued it will be committed, whoever still listens.
        return await operation.Durable;
    }

    private async ValueTask<SearchOutcome> SearchAsync(SearchPlan plan, CancellationToken cancellationToken)
    {
        _scans.Note(plan);
        if (plan.Refusal is { } refusal) return SearchOutcome.Refused(refusal);

        long? total = plan.MatchesEverything ? await CountAsync(plan.Tables, cancellationToken) : null;
        return await _searches.ReadAsync(connection => SearchRunner.Search(connection, plan, _maxPageBytes, total), cancellationToken);
    }

    /// <summary>All documents of the collections, as of their last commits.</summary>
    private async ValueTask<long> CountAsync(IReadOnlyList<CollectionTable> tables, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var table in tables)
        {
            total += _counts.TryGet(table.Number, out var count) ? count : await DoAsync(new CountDocuments(table.Name), cancellationToken);
        }

        return total;
    }

    private List<CollectionTable> Tables(IReadOnlyList<CollectionName> names)
    {
        var catalogue = _catalogue;
        var tables = new List<CollectionTable>(names.Count);
        foreach (var name in names)
        {
            // A collection that was deleted since the request was checked holds nothing.
            if (catalogue.TryGetTable(name, out var table) && !tables.Contains(table)) tables.Add(table);
        }

        return tables;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FieldIndexState> IndexesOf(CollectionName collection) => _catalogue.TryGetTable(collection, out var table)
        ? [.. table.Indexes.Select(index => new FieldIndexState(
            index.Field.Name, FieldIndex.KindName(index.Field.Kind), index.IsReady, index.IsReady ? null : _indexes.FindFailure(collection)))]
        : [];

    private void Forget(SearchScroll scroll)
    {
        lock (_scrolls) _scrolls.Remove(scroll);
    }

    private void Publish(StoredCatalogue catalogue, bool outboxGrew)
    {
        _catalogue = catalogue;
        _overflow.Note(_outbox.Totals);
        if (outboxGrew) _outbox.SignalGrowth();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "SQLite {Version}")]
    private static partial void LogVersion(ILogger logger, Version version);
}
