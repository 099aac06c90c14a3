using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Schema;

public sealed class DatabaseFileTests : IDisposable
{
    private readonly string _directory = TestStore.NewDirectory();

    private string DatabaseFile => Path.Combine(_directory, "documents.db");

    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        else File.Delete(_directory);
    }

    [Fact]
    public void The_file_of_a_newer_version_is_left_alone()
    {
        Prepare("PRAGMA user_version = 99");

        Refusal().ShouldBe($"{DatabaseFile} was written by a newer version of this program (schema 99; this one knows up to {DocumentSchema.Current.Version}). There is no copy from before that update. Update the program again, or restore a backup that this version has made. Nothing was changed.");
    }

    [Fact]
    public void Another_programs_database_is_left_alone()
    {
        Prepare("CREATE TABLE theirs (a)");

        Refusal().ShouldBe($"{DatabaseFile} is another program's database. Choose another storage directory, or move the file away.");
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_directory, "");

        Refusal().ShouldStartWith($"The storage directory {_directory} cannot be created: ");
    }

    [Fact]
    public async Task One_directory_is_for_one_store()
    {
        await using (Open())
        {
            Refusal().ShouldBe($"The storage directory {_directory} is in use by another process.");
        }

        await Open().DisposeAsync();
    }

    [Fact]
    public async Task The_directory_is_for_its_user_only()
    {
        await Open().DisposeAsync();

        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(_directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_clean_stop_leaves_no_log()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("a", "{}");

        await test.Store.DisposeAsync();

        Directory.GetFiles(test.Directory).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["documents.db", "lock"]);
        await test.RestartAsync();
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_stop_at_any_moment()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync([.. Enumerable.Range(0, 500).Select(i => TestWrite.Put($"d{i}", $$"""{"i":{{i}}}"""))]);
        CopyFiles(test);

        await test.PutAsync("later", "{}");

        await using var copy = Open();
        var all = new SearchRequest { Targets = [TestStore.Sensors], Size = 0 };
        (await copy.SearchAsync(all, CancellationToken.None)).Total.ShouldBe(500);
        TestStore.Text(await copy.FindAsync(TestStore.Sensors, "d499", CancellationToken.None)).ShouldBe("""{"i":499}""");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(4096)]
    [InlineData(9000)]
    public async Task A_log_that_was_torn_while_being_written_loses_whole_writes_only(int tornBytes)
    {
        await using var test = await TestStore.CreateAsync();
        for (var batch = 0; batch < 20; batch++)
        {
            await test.WriteAsync([.. Enumerable.Range(0, 10).Select(i => TestWrite.Put($"{batch}-{i}", $$"""{"batch":{{batch}}}"""))]);
        }

        CopyFiles(test);
        await using (var log = new FileStream($"{DatabaseFile}-wal", FileMode.Open)) log.SetLength(log.Length - tornBytes);

        await using var copy = Open();
        var total = (await copy.SearchAsync(new SearchRequest { Targets = [TestStore.Sensors], Size = 0 }, CancellationToken.None)).Total;
        total.ShouldBeLessThan(200);
        total.ShouldBeGreaterThan(100);
        (total % 10).ShouldBe(0);
    }

    private SqliteDocumentStore Open() => SqliteDocumentStore.Open(new SqliteStoreOptions { Directory = _directory }, TimeProvider.System, NullLoggerFactory.Instance);

    private string Refusal() => Should.Throw<DocumentStoreException>(() => { Open(); }).Message;

    private void Prepare(string sql)
    {
        Directory.CreateDirectory(_directory);
        using var connection = SqliteConnection.OpenForWriting(DatabaseFile);
        connection.Execute(sql);
    }

    /// <summary>The database and its log as a power cut would leave them.</summary>
    private void CopyFiles(TestStore test)
    {
        Directory.CreateDirectory(_directory);
        foreach (var suffix in new[] { "", "-wal" }) File.Copy(test.DatabaseFile + suffix, DatabaseFile + suffix);
    }
}
