using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Damage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Damage;

public sealed class DamagedFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateDirectory(TestStore.NewDirectory()).FullName;

    private string DatabaseFile => Path.Combine(_directory, "documents.db");

    private string LogFile => $"{DatabaseFile}-wal";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("no database at all, and long enough for a header that SQLite would look at: 0123456789012345678901234567890123456789")]
    [InlineData("")]
    public async Task What_is_no_database_is_kept_as_it_is_and_a_fresh_one_works(string content)
    {
        await File.WriteAllTextAsync(DatabaseFile, content);

        await WorksAsync();

        var kept = DamagedFiles.In(_directory).ShouldHaveSingleItem();
        kept.Name.ShouldBe("documents.db");
        kept.IsLog.ShouldBeFalse();
        (DateTimeOffset.UtcNow - kept.SetAsideAt).ShouldBeLessThan(TimeSpan.FromMinutes(10));
        (await File.ReadAllTextAsync(kept.Path)).ShouldBe(content);
    }

    [Fact]
    public async Task A_directory_in_the_place_of_the_database_is_moved_away_whole()
    {
        Directory.CreateDirectory(DatabaseFile);
        await File.WriteAllTextAsync(Path.Combine(DatabaseFile, "somebody's"), "notes");

        await WorksAsync();

        (await File.ReadAllTextAsync(Path.Combine(DamagedFiles.In(_directory).ShouldHaveSingleItem().Path, "somebody's"))).ShouldBe("notes");
    }

    [Fact]
    public async Task Damage_within_the_database_is_found_after_an_unclean_stop()
    {
        await using var test = await FilledAsync();
        CopyFiles(test);
        await OverwriteAsync(DatabaseFile, new FileInfo(DatabaseFile).Length / 2 / 4096 * 4096, 40_960);

        await WorksAsync();

        var kept = DamagedFiles.In(_directory).ShouldHaveSingleItem();
        new FileInfo(kept.Path).Length.ShouldBeGreaterThan(1_000_000);
        Directory.GetFiles(_directory, "documents.db-wal*").ShouldAllBe(file => new FileInfo(file).Length == 0, "what was in the log went with it");
    }

    [Fact]
    public async Task Damage_that_was_met_while_serving_is_looked_for_at_the_next_start()
    {
        await using var test = await FilledAsync();
        await test.Store.DisposeAsync(); // A clean stop: nothing would be checked.
        File.Copy(test.DatabaseFile, DatabaseFile);
        await OverwriteAsync(DatabaseFile, new FileInfo(DatabaseFile).Length / 2 / 4096 * 4096, 40_960);
        await using (var serving = Open())
        {
            var all = new SearchRequest { Targets = [TestStore.Sensors], Body = TestStore.Json("""{"query":{"wildcard":{"text":"*y*"}}}"""), Size = 1 };
            var fault = await Should.ThrowAsync<DocumentStoreException>(async () => await serving.SearchAsync(all, CancellationToken.None));
            fault.Fault.ShouldBe(DocumentStoreFault.Corrupt);
        }

        await WorksAsync();

        DamagedFiles.In(_directory).ShouldHaveSingleItem().Name.ShouldBe("documents.db");
    }

    [Fact]
    public async Task A_suspicion_without_ground_is_dropped()
    {
        await using (Open())
        {
            DamagedFiles.Suspect(DatabaseFile);
        }

        await WorksAsync();

        DamagedFiles.IsSuspected(DatabaseFile).ShouldBeFalse();
        DamagedFiles.In(_directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_whose_beginning_is_damaged_is_kept()
    {
        await using var test = await FilledAsync();
        CopyFiles(test);
        await OverwriteAsync(LogFile, 8, 4);

        await WorksAsync();

        var kept = DamagedFiles.In(_directory).ShouldHaveSingleItem();
        kept.Name.ShouldBe("documents.db-wal");
        kept.IsLog.ShouldBeTrue();
        new FileInfo(kept.Path).Length.ShouldBe(new FileInfo($"{test.DatabaseFile}-wal").Length);
    }

    [Fact]
    public async Task A_log_that_is_damaged_in_its_middle_is_kept_and_what_stands_before_is_there()
    {
        await using var test = await TestStore.CreateAsync();
        for (var write = 0; write < 20; write++) await test.PutAsync($"d{write}", "{}");
        CopyFiles(test);
        await OverwriteAsync(LogFile, new FileInfo(LogFile).Length / 2, 10);

        await using var store = Open();

        DamagedFiles.In(_directory).ShouldHaveSingleItem().IsLog.ShouldBeTrue();
        (await store.FindAsync(TestStore.Sensors, "d0", CancellationToken.None)).ShouldNotBeNull();
        (await store.FindAsync(TestStore.Sensors, "d19", CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(5000)]
    public async Task An_end_as_a_power_cut_leaves_it_is_no_damage(int lost)
    {
        await using var test = await TestStore.CreateAsync();
        for (var write = 0; write < 20; write++) await test.PutAsync($"d{write}", "{}");
        CopyFiles(test);
        await using (var log = new FileStream(LogFile, FileMode.Open)) log.SetLength(log.Length - lost);

        await Open().DisposeAsync();

        DamagedFiles.In(_directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_damages_everything_is_not_filled_with_the_pieces()
    {
        for (var time = 0; time < 8; time++)
        {
            await File.WriteAllTextAsync(DatabaseFile, "");
            await Open().DisposeAsync();
        }

        await File.WriteAllTextAsync(DatabaseFile, "");

        Should.Throw<DocumentStoreException>(() => { Open(); }).Message.ShouldBe(
            $"{DatabaseFile} is damaged, and 8 damaged ones were set aside beside it already: the disk or card is failing. Replace it, or remove the files *.corrupt-*.");
        DamagedFiles.In(_directory).Count.ShouldBe(8);
    }

    [Fact]
    public void Where_there_is_no_directory_nothing_was_set_aside() => DamagedFiles.In(Path.Combine(_directory, "nowhere")).ShouldBeEmpty();

    private static async Task<TestStore> FilledAsync()
    {
        var test = await TestStore.CreateAsync();
        await test.WriteAsync([.. Enumerable.Range(0, 5000).Select(i => TestWrite.Put($"d{i}", $$"""{"text":"{{new string('x', 300)}}"}"""))]);
        await test.RestartAsync();
        await test.PutAsync("in the log", "{}");
        await test.PutAsync("in the log, too", "{}");
        return test;
    }

    private static async Task OverwriteAsync(string path, long at, int count)
    {
        await using var file = new FileStream(path, FileMode.Open);
        file.Position = at;
        await file.WriteAsync(Enumerable.Repeat((byte)0xA5, count).ToArray());
    }

    private SqliteDocumentStore Open() => SqliteDocumentStore.Open(new SqliteStoreOptions { Directory = _directory }, TimeProvider.System, NullLoggerFactory.Instance);

    private async Task WorksAsync()
    {
        await using var store = Open();
        await store.CreateIndexAsync("works", CancellationToken.None);
        store.Catalogue.TryGetIndex("works", out _).ShouldBeTrue();
    }

    /// <summary>The database and its log as a power cut would leave them.</summary>
    private void CopyFiles(TestStore test)
    {
        foreach (var suffix in new[] { "", "-wal" }) File.Copy(test.DatabaseFile + suffix, DatabaseFile + suffix);
    }
}
