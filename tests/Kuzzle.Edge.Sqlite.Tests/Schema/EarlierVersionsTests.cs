using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Schema;

/// <summary>An update that is taken back leaves a program with a database that a newer one has had.</summary>
public sealed class EarlierVersionsTests : IDisposable
{
    private const int Ours = 0x4B7A4564;

    /// <summary>The program of today, its update that adds, and its update that breaks.</summary>
    private static readonly DatabaseSchema Old = new(Ours, "CREATE TABLE a (v TEXT)", "CREATE TABLE b (v TEXT)");
    private static readonly DatabaseSchema Adding = new(Ours, "CREATE TABLE a (v TEXT)", "CREATE TABLE b (v TEXT)", Migration.Additive("ALTER TABLE a ADD COLUMN w TEXT DEFAULT 'w'"));
    private static readonly DatabaseSchema Breaking = new(
        Ours, "CREATE TABLE a (v TEXT)", "CREATE TABLE b (v TEXT)", Migration.Additive("ALTER TABLE a ADD COLUMN w TEXT DEFAULT 'w'"), "ALTER TABLE a RENAME TO c");

    private readonly string _directory = Directory.CreateDirectory(TestStore.NewDirectory()).FullName;
    private readonly ManualClock _clock = new();

    private string Database => Path.Combine(_directory, "documents.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void An_older_program_goes_on_with_what_a_newer_one_has_only_added_to()
    {
        Run(Old, "INSERT INTO a (v) VALUES ('old')");
        Run(Adding, "INSERT INTO a (v, w) VALUES ('new', 'x')");

        Run(Old, "INSERT INTO a (v) VALUES ('old again')");

        Ask(Adding, "SELECT group_concat(v || w, ',') FROM a").ShouldBe("oldw,newx,old againw");
        Files().ShouldBe(["documents.db"]);
    }

    [Fact]
    public void Before_a_step_that_breaks_a_copy_is_kept_and_an_older_program_goes_back_to_it()
    {
        Run(Old, "INSERT INTO a (v) VALUES ('old')");
        Run(Breaking, "INSERT INTO c (v) VALUES ('new')");
        Files().ShouldBe(["documents.db", "documents.db.schema-2"]);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode($"{Database}.schema-2").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Ask(Old, "SELECT group_concat(v) FROM a").ShouldBe("old");

        var aside = EarlierVersions.SetAsideIn(_directory).ShouldHaveSingleItem();
        aside.Name.ShouldBe("documents.db");
        aside.SetAsideAt.ShouldBe(_clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        Files().ShouldBe(["documents.db", Path.GetFileName(aside.Path)]);
        File.Move(aside.Path, Database, overwrite: true);
        Ask(Breaking, "SELECT group_concat(v) FROM c").ShouldBe("old,new");
    }

    [Fact]
    public void Where_there_is_no_copy_the_database_stays_as_it_is()
    {
        Run(Breaking, "INSERT INTO c (v) VALUES ('new')");
        var before = File.ReadAllBytes(Database);

        var refused = Should.Throw<DocumentStoreException>(() => Run(Old, ""));

        refused.Fault.ShouldBe(DocumentStoreFault.TooNew);
        refused.Message.ShouldContain("schema 4; this one knows up to 2");
        refused.Message.ShouldContain("Nothing was changed.");
        File.ReadAllBytes(Database).ShouldBe(before);
    }

    [Fact]
    public void A_copy_that_is_too_new_itself_is_of_no_use()
    {
        Run(Adding, "INSERT INTO a (v) VALUES ('x')");
        Run(Breaking, "");
        var oldest = new DatabaseSchema(Ours, "CREATE TABLE a (v TEXT)");

        Should.Throw<DocumentStoreException>(() => Run(oldest, "")).Fault.ShouldBe(DocumentStoreFault.TooNew);

        Files().ShouldBe(["documents.db", "documents.db.schema-3"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_way_back_that_was_cut_short_is_finished(bool isNewerStillThere)
    {
        Run(Old, "INSERT INTO a (v) VALUES ('old')");
        Run(Breaking, "INSERT INTO c (v) VALUES ('new')");
        File.Move($"{Database}.schema-2", $"{Database}.return-20260101T000000Z");
        if (!isNewerStillThere) File.Move(Database, $"{Database}.newer-20260101T000000Z");

        EarlierVersions.Finish(Database);

        Ask(Old, "SELECT group_concat(v) FROM a").ShouldBe("old");
        Files().ShouldBe(["documents.db", "documents.db.newer-20260101T000000Z"]);
    }

    [Fact]
    public void The_log_of_the_newer_database_goes_with_it()
    {
        Run(Old, "INSERT INTO a (v) VALUES ('old')");
        Run(Breaking, "");
        File.WriteAllText($"{Database}-wal", "its log");
        File.Move($"{Database}.schema-2", $"{Database}.return-20260101T000000Z");

        EarlierVersions.Finish(Database);

        File.ReadAllText($"{Database}.newer-20260101T000000Z-wal").ShouldBe("its log");
        EarlierVersions.SetAsideIn(_directory).Count.ShouldBe(1);
        Ask(Old, "SELECT group_concat(v) FROM a").ShouldBe("old");
    }

    [Fact]
    public void There_and_back_and_there_again_keeps_every_piece()
    {
        Run(Old, "INSERT INTO a (v) VALUES ('1')");
        Run(Breaking, "INSERT INTO c (v) VALUES ('2')");
        Run(Old, "INSERT INTO a (v) VALUES ('3')");
        Run(Breaking, "INSERT INTO c (v) VALUES ('4')");

        Ask(Old, "SELECT group_concat(v) FROM a").ShouldBe("1,3");

        EarlierVersions.SetAsideIn(_directory).Count.ShouldBe(2); // Within the same second of this clock.
    }

    [Fact]
    public void Only_the_last_copy_is_kept_and_not_for_ever()
    {
        Run(Old, "");
        File.WriteAllText($"{Database}.schema-1", "an older one");
        Run(Breaking, "");
        Files().ShouldBe(["documents.db", "documents.db.schema-2"]);
        File.SetLastWriteTimeUtc($"{Database}.schema-2", (_clock.GetUtcNow() - TimeSpan.FromDays(31)).UtcDateTime);

        Run(Breaking, "");

        Files().ShouldBe(["documents.db"]);
    }

    [Theory]
    [InlineData(1_000_000, 100_000_000, true)]
    [InlineData(1_000_000, 60_000_000, false)]
    [InlineData(2_000_000_000, 100_000_000_000, false)]
    public void A_copy_must_leave_room_and_not_hold_up_the_start(long bytes, long free, bool isMade) => EarlierVersions.IsWorthIt(bytes, free).ShouldBe(isMade);

    [Fact]
    public async Task A_store_goes_back_with_its_documents()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("a", """{"v":1}""");
        await test.Store.DisposeAsync();
        var file = Path.Combine(test.Directory, "documents.db");
        File.Copy(file, $"{file}.schema-4");
        using (var newer = SqliteConnection.OpenForWriting(file)) newer.Execute("PRAGMA user_version = 99; DROP TABLE schema_readers; DROP TABLE collections");

        await test.RestartAsync();

        TestStore.Text(await test.Store.FindAsync(TestStore.Sensors, "a", CancellationToken.None)).ShouldBe("""{"v":1}""");
        EarlierVersions.SetAsideIn(test.Directory).ShouldHaveSingleItem();
    }

    private void Run(DatabaseSchema program, string sql)
    {
        using var connection = Open(program);
        if (sql.Length > 0) connection.Execute(sql);
    }

    private string Ask(DatabaseSchema program, string sql)
    {
        using var connection = Open(program);
        return connection.QueryText(sql);
    }

    private SqliteConnection Open(DatabaseSchema program) =>
        EarlierVersions.Open(Database, program, new DatabaseSettings(StorageDurability.Full, CacheKiB: 512, CheckpointPages: 1000), _clock, NullLogger.Instance);

    private IEnumerable<string?> Files() => Directory.GetFiles(_directory).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
