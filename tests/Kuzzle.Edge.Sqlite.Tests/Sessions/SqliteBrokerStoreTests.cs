using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Testing.BrokerStores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Sessions;

public sealed class SqliteBrokerStoreTests : IAsyncLifetime
{
    private readonly string _directory = TestStore.NewDirectory();
    private SqliteBrokerStore? _store;

    private string DatabaseFile => Path.Combine(_directory, "broker.db");

    private SqliteBrokerStore Store => _store ?? throw new InvalidOperationException("No store is open.");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await CloseAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Documents_and_messages_may_share_a_directory()
    {
        await using var documents = SqliteDocumentStore.Open(new SqliteStoreOptions { Directory = _directory }, TimeProvider.System, NullLoggerFactory.Instance);

        await ReopenAsync();

        Store.Commit(Commits.Of(Commits.Session(1)));
        Directory.GetFiles(_directory, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["broker.db", "documents.db"]);
    }

    [Fact]
    public async Task One_directory_is_for_one_store()
    {
        await ReopenAsync();

        Refusal().ShouldBe($"The storage directory {_directory} is in use by another process.");
    }

    [Fact]
    public async Task A_clean_stop_leaves_no_log()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1)));

        await CloseAsync();

        Directory.GetFiles(_directory).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["broker.db", "broker.lock"]);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_set_aside_as_it_is()
    {
        Directory.CreateDirectory(_directory);
        await File.WriteAllTextAsync(DatabaseFile, new string('?', 5000));

        await using (var store = Open()) store.Load().Sessions.ShouldBeEmpty();

        var kept = DamagedFiles.In(_directory).ShouldHaveSingleItem();
        kept.Name.ShouldBe("broker.db");
        (await File.ReadAllTextAsync(kept.Path)).ShouldBe(new string('?', 5000));
    }

    [Fact]
    public void The_file_of_a_newer_version_is_left_alone()
    {
        Prepare("PRAGMA user_version = 99");

        Refusal().ShouldBe($"{DatabaseFile} was written by a newer version of this program (schema 99; this one knows up to 1). There is no copy from before that update. Update the program again, or restore a backup that this version has made. Nothing was changed.");
    }

    [Fact]
    public async Task The_database_of_the_documents_is_not_taken_for_it()
    {
        var options = new SqliteStoreOptions { Directory = _directory };
        await SqliteDocumentStore.Open(options, TimeProvider.System, NullLoggerFactory.Instance).DisposeAsync();
        File.Move(Path.Combine(_directory, "documents.db"), DatabaseFile);

        Refusal().ShouldBe($"{DatabaseFile} is another program's database. Choose another storage directory, or move the file away.");
    }

    [Fact]
    public async Task What_is_damaged_when_it_is_loaded_is_set_aside_and_a_fresh_one_works()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of([Commits.Session(1), .. Enumerable.Range(0, 5000).Select(i => (object)Commits.Queued(1, i, Commits.Message(10 + i)))]));
        await CloseAsync();
        await using (var file = new FileStream(DatabaseFile, FileMode.Open))
        {
            file.Position = file.Length / 2 / 4096 * 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, 40_960).ToArray());
        }

        await using (var damaged = Open())
        {
            damaged.Load().Sessions.ShouldBeEmpty();
            damaged.Commit(Commits.Of(Commits.Session(7)));
        }

        new FileInfo(DamagedFiles.In(_directory).ShouldHaveSingleItem().Path).Length.ShouldBeGreaterThan(100_000);
        await using var next = Open();
        next.Load().Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_is_missing_is_damage()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1), Commits.Queued(1, 1, Commits.Message(2)), Commits.Queued(1, 2, Commits.Message(3))));
        Store.Connection.Execute("DELETE FROM messages WHERE number = 3");
        await CloseAsync();

        await using var damaged = Open();
        damaged.Load().Sessions.ShouldBeEmpty();
        DamagedFiles.In(_directory).ShouldHaveSingleItem().Name.ShouldBe("broker.db");
    }

    [Fact]
    public async Task A_message_is_stored_once_and_goes_with_its_last_delivery()
    {
        await ReopenAsync();
        var message = Commits.Message(100);
        var deliveries = Enumerable.Range(1, 50).Select(session => Commits.Queued(session, 1, message)).ToList();
        Store.Commit(Commits.Of([.. Enumerable.Range(1, 50).Select(session => (object)Commits.Session(session)), .. deliveries.Select(delivery => (object)delivery)]));
        Rows("messages").ShouldBe(1);
        Rows("deliveries").ShouldBe(50);

        Store.Commit(Commits.Of([.. deliveries.Take(20).Select(delivery => (object)delivery.Then(DeliveryState.Done)), .. Enumerable.Range(21, 29).Select(session => (object)session)]));
        Rows("messages").ShouldBe(1);
        Rows("deliveries").ShouldBe(1);

        Store.Commit(Commits.Of(deliveries[49].Then(DeliveryState.Done)));
        Rows("messages").ShouldBe(0);
        Rows("deliveries").ShouldBe(0);
    }

    [Fact]
    public async Task A_released_delivery_keeps_no_message()
    {
        await ReopenAsync();
        var delivery = Commits.Queued(1, 1, Commits.Message(2), qos: 2);
        Store.Commit(Commits.Of(Commits.Session(1), delivery));

        Store.Commit(Commits.Of(delivery.Then(DeliveryState.Released, 3)));

        Rows("messages").ShouldBe(0);
        Rows("released").ShouldBe(1);
    }

    [Fact]
    public async Task Sessions_that_end_leave_no_rows_behind()
    {
        await ReopenAsync();
        var random = new Random(5);
        var model = new BrokerStoreModel();
        var commits = new RandomCommits(random, model);
        for (var count = 0; count < 100; count++)
        {
            var commit = commits.Next();
            model.Apply(commit);
            Store.Commit(commit);
            if (count == 50) await ReopenAsync();
        }

        Store.Commit(Commits.Of(model.Sessions.Select(session => (object)session)));

        foreach (var table in new[] { "sessions", "subscriptions", "received", "messages", "deliveries", "released" }) Rows(table).ShouldBe(0, table);
    }

    [Fact]
    public async Task A_full_disk_refuses_a_commit_whole_and_takes_it_when_there_is_room_again()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1), Commits.Subscribed(1, "kept")));
        var commit = Commits.Of(
            Commits.Session(2),
            Commits.Queued(1, 1, Commits.Message(3, payload: new string('x', 100_000))),
            Commits.Retained(Commits.Message(4, payload: new string('y', 100_000))),
            1);
        LeaveRoom(pages: 20);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            Should.Throw<BrokerStoreException>(() => Store.Commit(commit)).Message.ShouldBe($"The disk that holds {DatabaseFile} is full.");
        }

        Store.Commit(Commits.Of(Commits.Subscribed(1, "small"), Commits.Subscribed(2, "of nobody yet")));
        LeaveRoom(pages: 1000);
        Store.Commit(commit);
        var loaded = await ReopenAsync();
        loaded.Sessions.Select(session => session.Session.Number).ShouldBe([2]);
        loaded.Sessions[0].Subscriptions.ShouldBeEmpty();
        loaded.Retained.Single().Payload.Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Whatever_fails_is_as_if_it_had_not_been()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var model = new BrokerStoreModel();
        var commits = new RandomCommits(random, model);
        await ReopenAsync();
        var failures = 0;

        for (var count = 0; count < 600; count++)
        {
            var commit = commits.Next();
            LeaveRoom(pages: 0);
            try
            {
                Store.Commit(commit);
                model.Apply(commit);
            }
            catch (BrokerStoreException)
            {
                // Sometimes it is tried again, as the broker does, and sometimes something else comes.
                failures++;
                LeaveRoom(pages: 10_000);
                if (random.Next(2) == 0)
                {
                    Store.Commit(commit);
                    model.Apply(commit);
                }
            }

            if (random.Next(20) == 0) (await ReopenAsync()).ToText().ShouldBe(model.Load().ToText(), $"seed {seed}, commit {count}");
        }

        failures.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_bug_in_a_commit_leaves_nothing_of_it()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1)));
        var without = new DeliveryChange(Commits.Queued(1, 1, Commits.Message(2)).Delivery with { Message = null }, IsNew: true, DeliveryState.Queued, 0);

        Should.Throw<ArgumentException>(() => Store.Commit(Commits.Of(Commits.Session(5), without))).Message.ShouldStartWith("Delivery 1 of session 1 is not released and has no message.");

        Store.Commit(Commits.Of(Commits.Subscribed(1, "a"), Commits.Subscribed(5, "a")));
        (await ReopenAsync()).Sessions.Single().Session.Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_identifier_belongs_to_the_session_that_came_last()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1, "client"), Commits.Subscribed(1, "old"), Commits.Queued(1, 1, Commits.Message(2))));

        Store.Commit(Commits.Of(Commits.Session(3, "client"), Commits.Subscribed(1, "late"), Commits.Queued(1, 2, Commits.Message(4))));

        var loaded = (await ReopenAsync()).Sessions.Single();
        loaded.Session.Number.ShouldBe(3);
        loaded.Subscriptions.ShouldBeEmpty();
        Rows("messages").ShouldBe(0);
    }

    [Fact]
    public async Task A_change_of_a_delivery_that_should_be_there_and_is_not_stores_it()
    {
        await ReopenAsync();
        var delivery = Commits.Queued(1, 1, Commits.Message(2), qos: 2);
        Store.Commit(Commits.Of(Commits.Session(1)));

        Store.Commit(Commits.Of(delivery.Then(DeliveryState.Sent, 9)));

        var loaded = (await ReopenAsync()).Sessions.Single().Deliveries.Single();
        loaded.State.ShouldBe(DeliveryState.Sent);
        loaded.PacketIdentifier.ShouldBe((ushort)9);
    }

    [Fact]
    public async Task The_file_does_not_grow_when_queues_are_filled_and_drained()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1), Commits.Session(2)));
        var number = 10L;
        long Cycle()
        {
            var deliveries = Enumerable.Range(0, 2000).Select(_ => Commits.Queued(1 + (number % 2), number, Commits.Message(number++, payload: new string('p', 500)))).ToList();
            foreach (var part in deliveries.Chunk(250)) Store.Commit(Commits.Of(part.Select(delivery => (object)delivery)));
            foreach (var part in deliveries.Chunk(250)) Store.Commit(Commits.Of(part.Select(delivery => (object)delivery.Then(DeliveryState.Done))));
            return Store.Connection.QueryInt64("PRAGMA page_count");
        }

        var first = Cycle();
        for (var cycle = 0; cycle < 20; cycle++) Cycle().ShouldBeLessThan(first + 10);

        // 16 MiB is where the log is taken in; one commit may go beyond it.
        new FileInfo($"{DatabaseFile}-wal").Length.ShouldBeLessThan(18 * 1024 * 1024);
    }

    [Fact]
    public async Task What_a_long_outage_has_left_behind_is_given_back_at_the_next_start()
    {
        await ReopenAsync();
        Store.Commit(Commits.Of(Commits.Session(1), Commits.Subscribed(1, "kept"), Commits.Queued(1, 1, Commits.Message(2))));
        for (var number = 10; number < 90; number++) Store.Commit(Commits.Of(Commits.Retained(Commits.Message(number, $"t/{number}", new string('x', 1_000_000)))));
        for (var number = 10; number < 90; number++) Store.Commit(Commits.Of(Commits.Cleared($"t/{number}")));
        await CloseAsync();
        new FileInfo(DatabaseFile).Length.ShouldBeGreaterThan(64 * 1024 * 1024);

        var loaded = await ReopenAsync();

        new FileInfo(DatabaseFile).Length.ShouldBeLessThan(1024 * 1024);
        loaded.Sessions.Single().Subscriptions.Count.ShouldBe(1);
        loaded.Sessions.Single().Deliveries.Count.ShouldBe(1);
        Store.Commit(Commits.Of(Commits.Subscribed(1, "more")));
        (await ReopenAsync()).Sessions.Single().Subscriptions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Relaxed_durability_keeps_what_was_committed_too()
    {
        await ReopenAsync(StorageDurability.Relaxed);
        Store.Commit(Commits.Of(Commits.Session(1)));
        await CloseAsync();

        (await ReopenAsync()).Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Relaxed_durability_takes_commits_to_the_disk_soon_after()
    {
        await ReopenAsync(StorageDurability.Relaxed);

        for (var session = 1; session <= 2; session++)
        {
            for (var i = 0; i < 10; i++) Store.Commit(Commits.Of(Commits.Session(session)));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (Store.Syncs < session) await timer.WaitForNextTickAsync(patience.Token);
        }

        Store.Syncs.ShouldBeLessThan(20, "they share them");
    }

    [Fact]
    public async Task Nothing_is_committed_before_it_was_loaded_and_nothing_loaded_twice()
    {
        await using var store = Open();
        Should.Throw<InvalidOperationException>(() => store.Commit(Commits.Of(Commits.Session(1))));

        store.Load();

        Should.Throw<InvalidOperationException>(() => store.Load());
    }

    private SqliteBrokerStore Open(StorageDurability durability = StorageDurability.Full) =>
        SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = _directory, Durability = durability }, NullLoggerFactory.Instance);

    private async Task<StoredBroker> ReopenAsync(StorageDurability durability = StorageDurability.Full)
    {
        await CloseAsync();
        _store = Open(durability);
        return _store.Load();
    }

    private async Task CloseAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _store = null;
    }

    private string Refusal() => Should.Throw<BrokerStoreException>(() => { Open(); }).Message;

    private long Rows(string table) => Store.Connection.QueryInt64($"SELECT count(*) FROM {table}");

    /// <summary>As many pages as there are free ones and these are all that the file may have from now on.</summary>
    private void LeaveRoom(int pages)
    {
        var most = Store.Connection.QueryInt64("PRAGMA page_count") + pages;
        _ = Store.Connection.QueryInt64($"PRAGMA max_page_count = {most}");
    }

    private void Prepare(string sql)
    {
        Directory.CreateDirectory(_directory);
        using var connection = SqliteConnection.OpenForWriting(DatabaseFile);
        connection.Execute(sql);
    }
}
