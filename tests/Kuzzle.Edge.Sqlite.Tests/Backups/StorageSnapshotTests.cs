using System.Globalization;
using System.Runtime.Versioning;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Testing.BrokerStores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Backups;

/// <summary>What a snapshot holds while others write.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StorageSnapshotTests
{
    [Fact]
    public async Task What_was_acknowledged_before_is_in_it_and_of_what_came_later_there_are_no_gaps()
    {
        const int writers = 4;
        await using var test = await TestStore.CreateAsync();
        using var stop = new CancellationTokenSource();
        var acknowledged = new int[writers];
        var writing = Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                await test.PutAsync($"{writer}-{n}", "{}");
                Volatile.Write(ref acknowledged[writer], n + 1);
            }
        })).ToArray();

        for (var round = 0; round < 5; round++)
        {
            await test.PutAsync($"round-{round}", "{}"); // The writers have begun.
            var before = acknowledged.Select((_, writer) => Volatile.Read(ref acknowledged[writer])).ToArray();
            var held = IdsIn(test.Directory, round);

            for (var writer = 0; writer < writers; writer++)
            {
                var numbers = held.Where(id => id.StartsWith($"{writer}-", StringComparison.Ordinal)).Select(id => int.Parse(id[2..], CultureInfo.InvariantCulture)).Order().ToList();
                numbers.ShouldBe(Enumerable.Range(0, numbers.Count), $"writer {writer}, round {round}");
                numbers.Count.ShouldBeGreaterThanOrEqualTo(before[writer]);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(writing);
    }

    [Fact]
    public async Task Both_databases_are_of_one_moment()
    {
        await using var test = await TestStore.CreateAsync();
        await using var broker = SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = test.Directory }, NullLoggerFactory.Instance);
        broker.Load();
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 1; !stop.IsCancellationRequested; n++)
            {
                broker.Commit(Commits.Of(new RetainedChange(Commits.Utf8($"t/{n}"), new StoredMessage(n, Commits.Utf8($"t/{n}"), default, default, 1, Retain: true, ExpiresAt: null))));
                await test.PutAsync($"{n}", "{}");
                if (n == 3) begun.SetResult();
            }
        });
        await begun.Task;

        for (var round = 0; round < 10; round++)
        {
            using var snapshot = StorageSnapshot.Take(test.Directory, CancellationToken.None);
            var documents = Query(snapshot, StorageFiles.Documents, test.Directory, "SELECT count(*) FROM documents_1");
            var messages = Query(snapshot, StorageFiles.Broker, test.Directory, "SELECT count(*) FROM retained");

            (messages - documents).ShouldBeInRange(0, 1); // The message is committed first, then the document.
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public void Where_there_is_no_database_it_says_so()
    {
        var empty = Directory.CreateTempSubdirectory("kuzzle-edge-sqlite-");

        Should.Throw<DocumentStoreException>(() => StorageSnapshot.Take(empty.FullName, CancellationToken.None)).Message.ShouldContain("documents.db");

        Directory.GetFileSystemEntries(empty.FullName).ShouldBeEmpty();
        empty.Delete();
    }

    [Fact]
    public async Task A_copy_is_for_its_owner_alone_and_a_failed_one_is_gone()
    {
        await using var test = await TestStore.CreateAsync();
        using var snapshot = StorageSnapshot.Take(test.Directory, CancellationToken.None);
        var copy = Path.Combine(test.Directory, "copy.db");

        snapshot.CopyTo(StorageFiles.Documents, copy, CancellationToken.None);
        File.GetUnixFileMode(copy).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var cancelled = Path.Combine(test.Directory, "cancelled.db");
        Should.Throw<OperationCanceledException>(() => snapshot.CopyTo(StorageFiles.Documents, cancelled, new CancellationToken(canceled: true)));
        File.Exists(cancelled).ShouldBeFalse();
    }

    private static long Query(StorageSnapshot snapshot, string name, string directory, string sql)
    {
        var copy = Path.Combine(directory, $"copy-{Guid.NewGuid():N}");
        snapshot.CopyTo(name, copy, CancellationToken.None);
        using var connection = SqliteConnection.OpenForWriting(copy);
        return connection.QueryInt64(sql);
    }

    private static List<string> IdsIn(string directory, int round)
    {
        var copy = Path.Combine(directory, $"copy-{round}.db");
        using (var snapshot = StorageSnapshot.Take(directory, CancellationToken.None)) snapshot.CopyTo(StorageFiles.Documents, copy, CancellationToken.None);

        using var connection = SqliteConnection.OpenForWriting(copy);
        connection.QueryText("PRAGMA integrity_check").ShouldBe("ok");
        var ids = new List<string>();
        using var rows = connection.Prepare("SELECT id FROM documents_1");
        while (rows.Step()) ids.Add(rows.Text(0));
        return ids;
    }
}
