using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Tests.Native;

public sealed class SqliteEngineTests
{
    [Fact]
    public void The_version_is_one_that_is_known_to_do() => SqliteEngine.Version.ShouldBeGreaterThanOrEqualTo(SqliteEngine.Minimum);

    [Fact]
    public void A_missing_library_says_what_to_install() =>
        Should.Throw<DocumentStoreException>(() => { SqliteEngine.LoadFirst(["no-such-library.so.7", "nor-this"], typeof(SqliteEngine).Assembly, searchPath: null); })
            .Message.ShouldBe(
                "SQLite is not installed: none of no-such-library.so.7, nor-this can be loaded. Install the package libsqlite3-0 (apt-get install libsqlite3-0).");

    [Fact]
    public void An_old_library_says_what_is_needed() =>
        Should.Throw<DocumentStoreException>(() => { SqliteEngine.Check("3.34.1"); })
            .Message.ShouldBe("The system's SQLite is 3.34.1; 3.38.0 or later is needed. Upgrade the package libsqlite3-0.");

    [Theory]
    [InlineData(13, "The disk that holds /d/documents.db is full.")]
    [InlineData(778, "Reading or writing /d/documents.db failed (I/O error 778); the disk or card may be failing.")]
    [InlineData(8, "/d/documents.db cannot be written: it, its directory or its disk is read-only.")]
    [InlineData(26, "/d/documents.db is not a database. Move it away, or restore it from a backup.")]
    [InlineData(11, "/d/documents.db is corrupt (said so). Restore it from a backup.")]
    [InlineData(14, "/d/documents.db cannot be opened (said so); check that its directory exists and is writable.")]
    [InlineData(1, "SQLite failed on /d/documents.db: said so (1).")]
    public void A_failure_is_told_in_words_for_the_operator(int code, string sentence) =>
        new SqliteException(code, "said so", "/d/documents.db").Describe().ShouldBe(sentence);

    [Fact]
    public void Statements_are_kept_and_their_number_is_bounded()
    {
        using var connection = SqliteConnection.OpenForWriting(":memory:");
        var kept = connection.Prepare("SELECT 1");
        for (var i = 0; i < 200; i++) connection.QueryInt64($"SELECT {i}").ShouldBe(i);
        connection.Prepare("SELECT 1").ShouldBeSameAs(kept);

        for (var i = 200; i < 1000; i++) connection.QueryInt64($"SELECT {i}").ShouldBe(i);

        connection.Prepare("SELECT 1").ShouldNotBeSameAs(kept);
        connection.QueryInt64("SELECT 1").ShouldBe(1);
    }

    [Fact]
    public void Empty_text_is_not_null()
    {
        using var connection = SqliteConnection.OpenForWriting(":memory:");
        using var statement = connection.Prepare("SELECT typeof(?1), typeof(?2), length(?3), typeof(?4), typeof(?5)");

        statement.Bind(1, "");
        statement.Bind(2, ReadOnlySpan<byte>.Empty);
        statement.Bind(3, new string('é', 1000));
        statement.BindBlob(4, [0]);
        statement.Step().ShouldBeTrue();

        statement.Text(0).ShouldBe("text");
        statement.Text(1).ShouldBe("text");
        statement.Int64(2).ShouldBe(1000);
        statement.Text(3).ShouldBe("blob");
        statement.Text(4).ShouldBe("null");
    }
}
