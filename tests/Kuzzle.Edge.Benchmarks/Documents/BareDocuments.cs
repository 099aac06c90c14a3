using System.Globalization;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Benchmarks.Documents;

/// <summary>What somebody would write by hand for these documents: one table, a column and an index for each field that is searched.</summary>
internal sealed class BareDocuments : IDisposable
{
    private readonly SqliteConnection _connection;

    public BareDocuments(string directory)
    {
        _connection = SqliteConnection.OpenForWriting(Path.Combine(directory, "bare.db"));
        _connection.Execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA cache_size = -8192;
            CREATE TABLE documents (
                seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, source TEXT NOT NULL,
                site TEXT AS (json_extract(source, '$.site')) VIRTUAL,
                n INTEGER AS (json_extract(source, '$.n')) VIRTUAL,
                at INTEGER AS (json_extract(source, '$.at')) VIRTUAL) STRICT;
            """);
    }

    /// <summary>So many documents in one transaction.</summary>
    public void Insert(int from, int count)
    {
        _connection.Execute("BEGIN IMMEDIATE");
        for (var i = from; i < from + count; i++)
        {
            using var insert = _connection.Prepare("INSERT INTO documents (id, version, source) VALUES (?1, 1, ?2)");
            insert.Bind(1, SampleDocument.Id(i));
            insert.Bind(2, SampleDocument.Json(i));
            insert.Execute();
        }

        _connection.Execute("COMMIT");
    }

    public void MakeIndexes() => _connection.Execute(
        "CREATE INDEX by_site ON documents (site); CREATE INDEX by_n ON documents (n); CREATE INDEX by_at ON documents (at); PRAGMA wal_checkpoint(TRUNCATE);");

    /// <summary>Runs a statement to its end; answers the number of bytes in its last column.</summary>
    public long Run(string sql, params ReadOnlySpan<object> parameters)
    {
        using var statement = _connection.Prepare(sql);
        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i] is string text) statement.Bind(i + 1, text);
            else statement.Bind(i + 1, Convert.ToInt64(parameters[i], CultureInfo.InvariantCulture));
        }

        long rows = 0;
        while (statement.Step()) rows += statement.Utf8(0).Length;
        return rows;
    }

    public void Dispose() => _connection.Dispose();
}
