using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Writing;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Indexes;

/// <summary>An index builder whose writer is the test: it does what is asked, or fails as a full disk does.</summary>
public sealed class IndexRetryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = TestStore.NewDirectory();
    private readonly ManualClock _clock = new();
    private readonly WorkQueue<WriteOperation> _queue = new(16);
    private readonly SqliteConnection _connection;
    private readonly WriteContext _context;
    private readonly IndexBuilder _builder;

    public IndexRetryTests()
    {
        Directory.CreateDirectory(_directory);
        _connection = DatabaseFile.Open(
            Path.Combine(_directory, "documents.db"), DocumentSchema.Current, new DatabaseSettings(StorageDurability.Full, 1024, CheckpointPages: 1000), NullLogger.Instance);
        _context = new WriteContext(_connection, new SqliteStoreOptions { Directory = _directory }, TimeProvider.System) { Catalogue = StoredCatalogue.Load(_connection) };
        _builder = new IndexBuilder(_queue, _clock, NullLogger.Instance);
        Do(new DefineCollection(TestStore.Sensors, _ => new CollectionDefinition(TestStore.Json("{}"), TestStore.Json("{}"))));
        Do(new WriteDocuments(TestStore.Sensors, [TestWrite.Put("a", """{"site":"s1"}""")]));
        Do(new DefineCollection(TestStore.Sensors, _ => new CollectionDefinition(TestStore.Json("""{"properties":{"site":{"type":"keyword"}}}"""), TestStore.Json("{}"))));
    }

    private CollectionTable Table => _context.Catalogue.TryGetTable(TestStore.Sensors, out var table) ? table : throw new InvalidOperationException("The collection is gone.");

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_a_full_disk_kept_from_being_built_is_tried_later_and_later_and_is_built_in_the_end()
    {
        _builder.Notice(Table);

        foreach (var wait in (int[])[5, 10, 20])
        {
            (await TakeAsync()).Fail(new DocumentStoreException("the disk is full"));
            await _builder.Idle.WaitAsync(Patience);
            _builder.FindFailure(TestStore.Sensors).ShouldBe(new IndexFailure("the disk is full", _clock.GetUtcNow() + TimeSpan.FromSeconds(wait)));
            _clock.Advance(TimeSpan.FromSeconds(wait - 1));
            _queue.Count.ShouldBe(0);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        while (!Table.Indexes.All(index => index.IsReady)) Do(await TakeAsync());
        await _builder.Idle.WaitAsync(Patience);

        _builder.FindFailure(TestStore.Sensors).ShouldBeNull();
        _clock.Advance(TimeSpan.FromHours(1));
        _queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task After_the_stop_nothing_is_tried_again()
    {
        _builder.Notice(Table);
        (await TakeAsync()).Fail(new DocumentStoreException("the disk is full"));
        await _builder.Idle.WaitAsync(Patience);

        await _builder.StopAsync().WaitAsync(Patience);
        _clock.Advance(TimeSpan.FromHours(1));

        _queue.Count.ShouldBe(0);
    }

    private Task<WriteOperation> TakeAsync() => Task.Run(() => _queue.TryTake(out var operation) ? operation : throw new InvalidOperationException("The queue is closed.")).WaitAsync(Patience);

    private void Do(WriteOperation operation)
    {
        _connection.Execute("BEGIN IMMEDIATE");
        operation.Execute(_context);
        _connection.Execute("COMMIT");
        operation.Complete();
    }
}
