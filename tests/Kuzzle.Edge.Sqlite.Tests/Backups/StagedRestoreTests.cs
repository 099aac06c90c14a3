using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Tests.Backups;

/// <summary>Databases that are put in the place of others.</summary>
public sealed class StagedRestoreTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task What_is_restored_is_there_and_what_was_there_is_set_aside()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("old", """{"v":1}""");
        var copy = await CopyAsync(test);
        await test.PutAsync("new", "{}");
        await test.Store.DisposeAsync();

        string? aside;
        using (var restore = Stage(test.Directory, copy))
        {
            restore.Prepare(OutboxTreatment.Hold, "why", Now).ShouldBe(0);
            aside = restore.Commit(Now);
        }

        await test.RestartAsync();
        (await test.TextOfAsync("old")).ShouldBe("""{"v":1}""");
        (await test.TextOfAsync("new")).ShouldBe("nothing");
        File.Exists(Path.Combine(aside.ShouldNotBeNull(), StorageFiles.Documents)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false, "before anything was moved")]
    [InlineData(true, "between the old one and the new one")]
    public async Task A_restore_that_was_cut_short_is_finished_by_the_next_start(bool isOldMoved, string when)
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("old", "{}");
        var copy = await CopyAsync(test);
        await test.PutAsync("new", "{}");
        await test.Store.DisposeAsync();
        var decided = Directory.CreateDirectory(Path.Combine(test.Directory, "restore.decided")).FullName;
        File.Copy(copy, Path.Combine(decided, StorageFiles.Documents));
        await File.WriteAllLinesAsync(Path.Combine(decided, "plan"), ["before", StorageFiles.Documents]);
        var aside = Directory.CreateDirectory(Path.Combine(test.Directory, "before")).FullName;
        if (isOldMoved) File.Move(test.DatabaseFile, Path.Combine(aside, StorageFiles.Documents));

        await test.RestartAsync();

        (await test.TextOfAsync("old")).ShouldBe("{}", when);
        (await test.TextOfAsync("new")).ShouldBe("nothing", when);
        File.Exists(Path.Combine(aside, StorageFiles.Documents)).ShouldBeTrue();
        Directory.Exists(decided).ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_was_never_decided_leaves_everything_as_it_was()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("mine", "{}");
        var copy = await CopyAsync(test);
        await test.Store.DisposeAsync();

        Stage(test.Directory, copy).Dispose();

        await test.RestartAsync();
        (await test.TextOfAsync("mine")).ShouldBe("{}");
        Directory.GetDirectories(test.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_that_had_not_gone_up_are_held_and_can_be_sent_on_demand()
    {
        await using var test = await TestStore.CreateAsync(options => options with { RouteOf = _ => new UpstreamRoute(GoesUp: true) });
        await test.PutAsync("a", "{}");
        await test.PutAsync("b", "{}");
        var copy = await CopyAsync(test);
        await test.Store.DisposeAsync();

        using (var restore = Stage(test.Directory, copy))
        {
            restore.Prepare(OutboxTreatment.Hold, "restored", Now).ShouldBe(2);
            restore.Commit(Now);
        }

        await test.RestartAsync();
        var outbox = test.Store.Outbox;
        (await outbox.CountAsync(CancellationToken.None)).ShouldBe(0);
        var parked = await outbox.ParkedAsync(10, CancellationToken.None);
        parked.Select(entry => $"{entry.Id} {entry.Reason}").ShouldBe(["a restored", "b restored"]);
        await outbox.RetryAsync(CancellationToken.None);
        (await outbox.CountAsync(CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_still_to_be_entered_when_the_backup_was_made_is_held_too()
    {
        await using var test = await TestStore.CreateAsync(options => options with { RouteOf = _ => new UpstreamRoute(GoesUp: true) });
        foreach (var id in (string[])["entered", "waits", "next"]) await test.PutAsync(id, "{}");
        var copy = await CopyAsync(test);
        using (var connection = SqliteConnection.OpenForWriting(copy))
        {
            connection.Execute("DELETE FROM outbox WHERE id <> 'waits'; INSERT INTO outbox_fills SELECT number, 1, 3, 2 FROM collections WHERE name = 'sensors'");
        }

        await test.Store.DisposeAsync();
        using (var restore = Stage(test.Directory, copy))
        {
            restore.Prepare(OutboxTreatment.Hold, "restored", Now).ShouldBe(2);
            restore.Commit(Now);
        }

        await test.RestartAsync();
        (await test.Store.Outbox.ParkedAsync(10, CancellationToken.None)).Select(entry => entry.Id).ShouldBe(["waits", "next"]);
        test.Store.Outbox.Totals.Entries.ShouldBe(0);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 9999; UPDATE schema_readers SET oldest = 9999", "newer version")]
    [InlineData("PRAGMA application_id = 7", "another program's")]
    public async Task What_this_version_cannot_read_is_refused(string sql, string reason)
    {
        await using var test = await TestStore.CreateAsync();
        var copy = await CopyAsync(test);
        using (var connection = SqliteConnection.OpenForWriting(copy)) connection.Execute(sql);
        await test.Store.DisposeAsync();

        using var restore = Stage(test.Directory, copy);
        Should.Throw<DocumentStoreException>(() => restore.Prepare(OutboxTreatment.Hold, "why", Now)).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        for (var i = 0; i < 300; i++) await test.PutAsync($"{i}", $$"""{"text":"{{new string('x', 200)}}"}""");
        var copy = await CopyAsync(test);
        await test.Store.DisposeAsync();
        using (var file = new FileStream(copy, FileMode.Open))
        {
            file.Seek(-4096 * 5, SeekOrigin.End);
            await file.WriteAsync(new byte[4096 * 3]);
        }

        using var restore = Stage(test.Directory, copy);
        Should.Throw<DocumentStoreException>(() => restore.Prepare(OutboxTreatment.Hold, "why", Now)).Fault.ShouldBe(DocumentStoreFault.Corrupt);
    }

    [Fact]
    public async Task Nobody_restores_into_a_folder_that_a_gateway_is_at_work_on()
    {
        await using var test = await TestStore.CreateAsync();

        Should.Throw<DocumentStoreException>(() => StorageHold.Take(test.Directory)).Fault.ShouldBe(DocumentStoreFault.InUse);
    }

    private static async Task<string> CopyAsync(TestStore test)
    {
        var copy = Path.Combine(test.Directory, "copy.db");
        await Task.Run(() =>
        {
            using var snapshot = StorageSnapshot.Take(test.Directory, CancellationToken.None);
            snapshot.CopyTo(StorageFiles.Documents, copy, CancellationToken.None);
        });
        return copy;
    }

    private static StagedRestore Stage(string directory, string copy)
    {
        var restore = StagedRestore.Begin(directory);
        File.Copy(copy, restore.PathOf(StorageFiles.Documents));
        return restore;
    }
}
