using BenchmarkDotNet.Attributes;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sqlite.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Benchmarks.Sqlite;

/// <summary>
/// What the broker's store adds to SQLite: 256 messages of 200 bytes come in one commit and go in the next, next to 256 bare inserts in one transaction and 256
/// deletes in the next, of the same file system, with the same pragmas. Both wait for the disk twice.
/// </summary>
[MemoryDiagnoser]
public class SqliteBrokerStoreBenchmark
{
    private const int Deliveries = 256;

    private readonly byte[] _topic = "devices/0123/telemetry"u8.ToArray();
    private readonly byte[] _payload = new byte[200];
    private readonly BrokerCommit _arrive = new();
    private readonly BrokerCommit _leave = new();
    private string _directory = "";
    private SqliteConnection? _bare;
    private SqliteBrokerStore? _store;

    /// <summary>How many clients each message is for.</summary>
    [Params(1, 256)]
    public int Clients { get; set; }

    /// <summary>Opens both, each in a file of its own.</summary>
    [GlobalSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("kuzzle-edge-bench-").FullName;
        _bare = SqliteConnection.OpenForWriting(Path.Combine(_directory, "bare.db"));
        _bare.Execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = OFF;
            PRAGMA wal_autocheckpoint = 4096;
            CREATE TABLE messages (number INTEGER PRIMARY KEY, session INTEGER, topic BLOB, payload BLOB);
            """);
        _store = SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = _directory }, NullLoggerFactory.Instance);
        _store.Load();
        var sessions = new BrokerCommit();
        for (var session = 1; session <= Deliveries; session++) sessions.SessionList.Add(new StoredSession(session, $"client {session}", 60, null, null));
        _store.Commit(sessions);
        for (var i = 0; i < Deliveries; i++)
        {
            var message = i % Clients == 0 ? new StoredMessage(1000 + i, _topic, default, _payload, 1, Retain: false, null) : _arrive.Deliveries[^1].Delivery.Message;
            var delivery = new StoredDelivery((i % Clients) + 1, i, message, 1, Retain: false, default, default);
            _arrive.DeliveryList.Add(new DeliveryChange(delivery, IsNew: true, DeliveryState.Queued, 0));
            _leave.DeliveryList.Add(new DeliveryChange(delivery, IsNew: false, DeliveryState.Done, 0));
        }
    }

    /// <summary>Removes both.</summary>
    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _bare!.Dispose();
        await _store!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>SQLite by itself.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Deliveries)]
    public void Bare()
    {
        _bare!.Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < Deliveries; i++)
        {
            using var insert = _bare.Prepare("INSERT INTO messages (number, session, topic, payload) VALUES (?1, ?2, ?3, ?4)");
            insert.Bind(1, 1000 + i);
            insert.Bind(2, 1);
            insert.BindBlob(3, _topic);
            insert.BindBlob(4, _payload);
            insert.Execute();
        }

        _bare.Execute("COMMIT");
        _bare.Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < Deliveries; i++)
        {
            using var delete = _bare.Prepare("DELETE FROM messages WHERE number = ?1");
            delete.Bind(1, 1000 + i);
            delete.Execute();
        }

        _bare.Execute("COMMIT");
    }

    /// <summary>The store.</summary>
    [Benchmark(OperationsPerInvoke = Deliveries)]
    public void Store()
    {
        _store!.Commit(_arrive);
        _store.Commit(_leave);
    }
}
