using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>One step of a walk: by row number, so that each step begins where the last one ended without looking at what lies before.</summary>
internal sealed class DocumentWalk
{
    /// <summary>Enough to make a step's own cost small; a step is one turn on a reader's thread, so other searches wait for no more than this.</summary>
    private const int MaxDocuments = 500;

    /// <summary>A step ends behind the document with which it has this much, so large documents do not add up in memory.</summary>
    private const int MaxBytes = 1 << 20;

    private readonly CollectionTable _table;
    private readonly SearchStatement _statement;

    private DocumentWalk(CollectionTable table, SearchStatement statement)
    {
        _table = table;
        _statement = statement;
    }

    /// <summary>A query that the store does not know throws <see cref="SearchRefusedException"/>.</summary>
    public static DocumentWalk Plan(CollectionTable table, JsonElement query, long after, DateTimeOffset now)
    {
        var sql = new SearchSql();
        var predicate = new QueryParser(table.Fields, now).ParseRoot(query).Predicate(sql);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT d.seq, d.id, d.version, d.source FROM {table.Table} AS d WHERE d.seq > {sql.Parameter(after)} AND {predicate} ORDER BY d.seq LIMIT {MaxDocuments}");
        return new(table, new SearchStatement(text, sql));
    }

    public DocumentPage Run(ReadConnection connection)
    {
        try
        {
            return Read(connection);
        }
        catch (SqliteException exception) when (exception.IsInterrupt && connection.TimedOut)
        {
            return new DocumentPage(SearchFaults.TooSlow(), [], Next: null);
        }
        catch (SqliteException exception) when (DocumentReads.IsGone(connection, _table, exception))
        {
            return new DocumentPage(Refusal: null, [], Next: null);
        }
    }

    private DocumentPage Read(ReadConnection connection)
    {
        var documents = new List<StoredDocument>();
        var bytes = 0L;
        connection.Functions.Use(_statement.Sql.Tests, _statement.Sql.SortFields);
        using var statement = connection.Database.Prepare(_statement.Text);
        _statement.Sql.Bind(statement);
        while (statement.Step())
        {
            var document = new StoredDocument(statement.Text(1), statement.Utf8(3).ToArray(), statement.Int64(2));
            documents.Add(document);
            bytes += document.Json.Length;
            if (documents.Count == MaxDocuments || bytes >= MaxBytes) return new DocumentPage(Refusal: null, documents, statement.Int64(0));
        }

        return new DocumentPage(Refusal: null, documents, Next: null);
    }
}
