using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Writing;

public sealed class GroupCommitWriterTests
{
    [Fact]
    public async Task Writes_that_wait_together_share_one_commit()
    {
        await using var test = await TestStore.CreateAsync();
        using var gate = new Gate();
        var first = test.WriteAsync(gate.Write("first"));
        await gate.Reached;
        var before = test.Store.Statistics;

        var others = Enumerable.Range(0, 200).Select(i => test.PutAsync($"d{i}", $$"""{"i":{{i}}}""")).ToArray();
        gate.Open();
        await first;
        await Task.WhenAll(others);

        var after = test.Store.Statistics;
        (after.Operations - before.Operations).ShouldBe(201);
        (after.Commits - before.Commits).ShouldBeLessThanOrEqualTo(2);
        (await test.SearchAsync("{}", size: 0)).Total.ShouldBe(201);
    }

    [Fact]
    public async Task A_refused_write_does_not_take_its_neighbours_down()
    {
        await using var test = await TestStore.CreateAsync();
        using var gate = new Gate();
        var first = test.WriteAsync(gate.Write("first"));
        await gate.Reached;

        var good = Enumerable.Range(0, 20).Select(i => test.PutAsync($"d{i}", "{}")).ToArray();
        var bad = test.WriteAsync(TestWrite.Put("half", "{}"), new TestWrite("bad", _ => throw new InvalidOperationException("no")));
        var define = test.Store.DefineCollectionAsync(new CollectionName("new", "x"), _ => throw new InvalidOperationException("never"), CancellationToken.None);
        var index = test.Store.CreateIndexAsync("fresh", CancellationToken.None);
        var late = test.PutAsync("late", "{}");
        gate.Open();
        await first;
        await Task.WhenAll(good);
        await late;

        (await Should.ThrowAsync<InvalidOperationException>(() => bad)).Message.ShouldBe("no");
        (await Should.ThrowAsync<InvalidOperationException>(() => define)).Message.ShouldBe("never");
        (await index).ShouldBeTrue();
        (await test.TextOfAsync("half")).ShouldBe("nothing");
        (await test.SearchAsync("{}", size: 0)).Total.ShouldBe(22);
        (await test.Store.FindAsync(TestStore.Sensors, "d0", CancellationToken.None))!.Version.ShouldBe(1);
        test.Store.Catalogue.Indexes.Select(entry => entry.Name).ShouldBe(["edge", "fresh"]);
    }

    [Fact]
    public async Task Writes_are_answered_in_the_order_in_which_they_came()
    {
        await using var test = await TestStore.CreateAsync();
        var writes = Enumerable.Range(0, 100).Select(i => test.WriteAsync(TestWrite.Put("same", $$"""{"i":{{i}}}"""))).ToArray();

        var outcomes = await Task.WhenAll(writes);

        outcomes.Select(outcome => outcome[0].After!.Version).ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        (await test.TextOfAsync("same")).ShouldBe("""{"i":99}""");
    }

    [Fact]
    public async Task A_full_queue_makes_senders_wait_and_a_sender_may_give_up_until_then()
    {
        await using var test = await TestStore.CreateAsync(options => options with { WriteQueueCapacity = 1 });
        using var gate = new Gate();
        using var impatient = new CancellationTokenSource();
        var first = test.WriteAsync(gate.Write("first"));
        await gate.Reached;
        var queued = test.Store.WriteAsync(TestStore.Sensors, [TestWrite.Put("queued", "{}")], impatient.Token);
        var waiting = test.Store.WriteAsync(TestStore.Sensors, [TestWrite.Put("waiting", "{}")], impatient.Token);

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        gate.Open();
        await first;
        await queued;

        test.Store.Statistics.FullQueueWaits.ShouldBe(1);
        (await test.TextOfAsync("queued")).ShouldBe("{}");
        (await test.TextOfAsync("waiting")).ShouldBe("nothing");
    }

    [Fact]
    public async Task A_full_disk_is_told_to_those_whose_writes_do_not_fit()
    {
        var directory = Directory.CreateDirectory(TestStore.NewDirectory()).FullName;
        var connection = SqliteConnection.OpenForWriting(Path.Combine(directory, "documents.db"));
        DocumentSchema.Current.Bring(connection);
        var queue = new WorkQueue<WriteOperation>(100);
        var writer = new GroupCommitWriter(
            queue, connection, new WriteContext(connection, new SqliteStoreOptions { Directory = directory }, TimeProvider.System), (_, _) => { }, StorageDurability.Full, NullLogger.Instance);
        var define = new DefineCollection(TestStore.Sensors, _ => new CollectionDefinition(default, default));
        await queue.EnqueueAsync(define, CancellationToken.None);

        // As many pages as there are now, and ten more; the large document has 25.
        connection.Execute($"PRAGMA max_page_count = {connection.QueryInt64("PRAGMA page_count") + 10}");
        var small = new WriteDocuments(TestStore.Sensors, [TestWrite.Put("small", "{}")]);
        var large = new WriteDocuments(TestStore.Sensors, [TestWrite.Put("large", $$"""{"text":"{{new string('x', 100_000)}}"}""")]);
        var other = new WriteDocuments(TestStore.Sensors, [TestWrite.Put("other", "{}")]);
        foreach (var write in new[] { small, large, other }) await queue.EnqueueAsync(write, CancellationToken.None);
        writer.Start();

        (await small.Durable)![0].Created.ShouldBeTrue();
        (await other.Durable)![0].Created.ShouldBeTrue();
        var fault = await Should.ThrowAsync<DocumentStoreException>(() => large.Durable);
        fault.Message.ShouldContain("is full");
        fault.Message.ShouldContain("documents.db");

        queue.Close(takers: 1);
        await writer.Ended;
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Relaxed_writes_are_found_after_a_restart()
    {
        await using var test = await TestStore.CreateAsync(options => options with { Durability = StorageDurability.Relaxed });
        await test.PutAsync("a", "{}");

        await test.RestartAsync();

        (await test.TextOfAsync("a")).ShouldBe("{}");
    }

    [Fact]
    public async Task Relaxed_writes_are_synced_soon_after_although_nothing_follows_them()
    {
        var directory = Directory.CreateDirectory(TestStore.NewDirectory()).FullName;
        var connection = SqliteConnection.OpenForWriting(Path.Combine(directory, "documents.db"));
        connection.QueryText("PRAGMA journal_mode = WAL").ShouldBe("wal");
        DocumentSchema.Current.Bring(connection);
        var queue = new WorkQueue<WriteOperation>(1);
        var writer = new GroupCommitWriter(
            queue, connection, new WriteContext(connection, new SqliteStoreOptions { Directory = "unused" }, TimeProvider.System), (_, _) => { }, StorageDurability.Relaxed, NullLogger.Instance);
        writer.Start();
        var write = new CreateIndex("edge");
        await queue.EnqueueAsync(write, CancellationToken.None);
        (await write.Durable).ShouldBeTrue();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (writer.Syncs == 0) await timer.WaitForNextTickAsync(patience.Token);

        writer.Syncs.ShouldBe(1);
        queue.Close(takers: 1);
        await writer.Ended;
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Stopping_finishes_what_waits()
    {
        await using var test = await TestStore.CreateAsync();
        using var gate = new Gate();
        var first = test.WriteAsync(gate.Write("first"));
        await gate.Reached;
        var waiting = Enumerable.Range(0, 50).Select(i => test.PutAsync($"d{i}", "{}")).ToArray();

        var stopped = test.RestartAsync();
        gate.Open();
        await stopped;
        await first;
        await Task.WhenAll(waiting);

        (await test.SearchAsync("{}", size: 0)).Total.ShouldBe(51);
    }

    /// <summary>Holds the writer within a transaction.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public TestWrite Write(string id) => new(id, _ =>
        {
            _reached.TrySetResult();
            _open.Wait();
            return DocumentChange.Put("{}"u8.ToArray());
        });

        public void Open() => _open.Set();

        public void Dispose() => _open.Dispose();
    }
}
