using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>Documents by identifier.</summary>
internal static class DocumentReads
{
    public static StoredDocument? Find(ReadConnection connection, CollectionTable table, string id)
    {
        try
        {
            return Find(connection, table.FindSql, id);
        }
        catch (SqliteException exception) when (IsGone(connection, table, exception))
        {
            return null;
        }
    }

    public static StoredDocument? Find(ReadConnection connection, string findSql, string id)
    {
        using var find = connection.Database.Prepare(findSql);
        find.Bind(1, id);
        return find.Step() ? new StoredDocument(id, find.Utf8(1).ToArray(), find.Int64(0)) : null;
    }

    public static IReadOnlyList<StoredDocument?> Find(ReadConnection connection, CollectionTable table, IReadOnlyList<string> ids)
    {
        var found = new StoredDocument?[ids.Count];
        for (var i = 0; i < found.Length; i++) found[i] = Find(connection, table, ids[i]);
        return found;
    }

    /// <summary>How many documents there are, and their bytes. Reads the whole table.</summary>
    public static CollectionSize Measure(ReadConnection connection, CollectionTable table)
    {
        try
        {
            using var measure = connection.Database.Prepare($"SELECT count(*), coalesce(sum(length(CAST(source AS BLOB))), 0) FROM {table.Table}");
            measure.Step();
            return new CollectionSize(measure.Int64(0), measure.Int64(1));
        }
        catch (SqliteException exception) when (exception.IsInterrupt && connection.TimedOut)
        {
            throw new DocumentStoreException($"measuring {table.Name} took longer than a search may; it holds too many documents to be looked at one by one", exception);
        }
        catch (SqliteException exception) when (IsGone(connection, table, exception))
        {
            return default;
        }
    }

    /// <summary>True when a statement failed because the collection was deleted after the look in the catalogue: then it holds nothing.</summary>
    public static bool IsGone(ReadConnection connection, CollectionTable table, SqliteException exception) =>
        exception.Code == raw.SQLITE_ERROR && connection.IsMissing(table.Table);
}
