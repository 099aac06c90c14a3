using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>Documents by identifier.</summary>
internal static class DocumentReads
{
    /// <summary>So many documents are measured; of a million, all would be read for minutes from an SD card.</summary>
    private const int SampleSize = 1024;

    private const int RunLength = 16;

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

    /// <summary>How many documents there are, by their identifiers; and their bytes, of more than <see cref="SampleSize"/> by a sample.</summary>
    public static CollectionSize Measure(ReadConnection connection, CollectionTable table)
    {
        try
        {
            using var count = connection.Database.Prepare($"SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0) FROM {table.Table}");
            count.Step();
            var documents = count.Int64(0);
            var bytes = documents <= SampleSize
                ? Sample(connection, table, from: 0, SampleSize).Bytes
                : (long)(AverageBytes(connection, table, count.Int64(1), count.Int64(2)) * documents);
            return new CollectionSize(documents, bytes);
        }
        catch (SqliteException exception) when (exception.IsInterrupt && connection.TimedOut)
        {
            throw new DocumentStoreException($"measuring {table.Name} took longer than a search may; it holds too many documents to be counted", exception);
        }
        catch (SqliteException exception) when (IsGone(connection, table, exception))
        {
            return default;
        }
    }

    /// <summary>Of documents in runs that stand at equal distances: what was written together is often alike.</summary>
    private static double AverageBytes(ReadConnection connection, CollectionTable table, long first, long last)
    {
        var (documents, bytes) = (0L, 0L);
        for (var run = 0; run < SampleSize / RunLength; run++)
        {
            var sample = Sample(connection, table, first + (long)((double)(last - first) * run / (SampleSize / RunLength)), RunLength);
            (documents, bytes) = (documents + sample.Documents, bytes + sample.Bytes);
        }

        return (double)bytes / documents;
    }

    private static CollectionSize Sample(ReadConnection connection, CollectionTable table, long from, int most)
    {
        using var sample = connection.Database.Prepare(
            $"SELECT count(*), coalesce(sum(length(CAST(source AS BLOB))), 0) FROM (SELECT source FROM {table.Table} WHERE seq >= ?1 ORDER BY seq LIMIT ?2)");
        sample.Bind(1, from);
        sample.Bind(2, most);
        sample.Step();
        return new CollectionSize(sample.Int64(0), sample.Int64(1));
    }

    /// <summary>True when a statement failed because the collection was deleted after the look in the catalogue: then it holds nothing.</summary>
    public static bool IsGone(ReadConnection connection, CollectionTable table, SqliteException exception) =>
        exception.Code == raw.SQLITE_ERROR && connection.IsMissing(table.Table);
}
