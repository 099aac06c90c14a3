using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>The table of what the upstream is known to hold.</summary>
internal static class Marks
{
    /// <summary>Notes what it holds of a document; null for nothing.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="collection">The document's collection.</param>
    /// <param name="id">The document.</param>
    /// <param name="mark">What it holds.</param>
    /// <param name="heldSince">Since when the document is the same here; null when it is not.</param>
    public static void Set(SqliteConnection connection, CollectionName collection, string id, UpstreamMark? mark, long? heldSince)
    {
        using var statement = connection.Prepare(mark is null
            ? "DELETE FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 AND id = ?3"
            : "INSERT OR REPLACE INTO upstream_marks (index_name, collection, id, fingerprint, held_since) VALUES (?1, ?2, ?3, ?4, ?5)");
        statement.Bind(1, collection.Index);
        statement.Bind(2, collection.Collection);
        statement.Bind(3, id);
        if (mark is { } known)
        {
            Span<byte> bytes = stackalloc byte[UpstreamMark.Length];
            known.CopyTo(bytes);
            statement.BindBlob(4, bytes);
            if (heldSince is { } since) statement.Bind(5, since);
            else statement.BindNull(5);
        }

        statement.Execute();
    }

    /// <summary>A document was removed here only. What the upstream holds of it must be known as long as documents come down, or it would come back.</summary>
    public static void Release(SqliteConnection connection, CollectionName collection, string id, bool comesDown)
    {
        if (comesDown) Part(connection, collection, id);
        else Change(connection, "DELETE FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 AND id = ?3", collection, id);
    }

    /// <summary>A document is not, or need not be, the same here any more: what it holds does not stand in for what is here.</summary>
    public static void Part(SqliteConnection connection, CollectionName collection, string id) =>
        Change(connection, "UPDATE upstream_marks SET held_since = NULL WHERE index_name = ?1 AND collection = ?2 AND id = ?3 AND held_since IS NOT NULL", collection, id);

    /// <summary>
    /// A document has been changed here and must become again what it holds. That there is something is still known, but not what: so a comparison finds the document different, whether it is
    /// there as it was, changed, or not any more.
    /// </summary>
    public static void Doubt(SqliteConnection connection, CollectionName collection, string id) =>
        Change(connection, "UPDATE upstream_marks SET fingerprint = zeroblob(16), held_since = NULL WHERE index_name = ?1 AND collection = ?2 AND id = ?3", collection, id); // No document's of 2^128.

    /// <summary>Whether it holds a document as it is here.</summary>
    public static bool IsHeld(SqliteConnection connection, CollectionName collection, string id)
    {
        using var find = connection.Prepare("SELECT 1 FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 AND id = ?3 AND held_since IS NOT NULL");
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        find.Bind(3, id);
        return find.Step();
    }

    /// <summary>Forgets what it holds of a collection.</summary>
    public static void Forget(SqliteConnection connection, CollectionName collection)
    {
        using var forget = connection.Prepare("DELETE FROM upstream_marks WHERE index_name = ?1 AND collection = ?2");
        forget.Bind(1, collection.Index);
        forget.Bind(2, collection.Collection);
        forget.Execute();
    }

    /// <summary>Forgets what it holds of some documents of a collection. False when nothing was known.</summary>
    public static bool ForgetSome(SqliteConnection connection, CollectionName collection, int max)
    {
        using var forget = connection.Prepare(
            """
            DELETE FROM upstream_marks WHERE index_name = ?1 AND collection = ?2
                AND id IN (SELECT id FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 LIMIT ?3)
            """);
        forget.Bind(1, collection.Index);
        forget.Bind(2, collection.Collection);
        forget.Bind(3, max);
        forget.Execute();
        return connection.Changes > 0;
    }

    /// <summary>A collection behind another, in the order of their names, of which it holds something; null when there is none.</summary>
    public static CollectionName? FindCollection(SqliteConnection connection, CollectionName after)
    {
        using var find = connection.Prepare("SELECT index_name, collection FROM upstream_marks WHERE (index_name, collection) > (?1, ?2) ORDER BY index_name, collection LIMIT 1");
        find.Bind(1, after.Index);
        find.Bind(2, after.Collection);
        return find.Step() ? new CollectionName(find.Text(0), find.Text(1)) : null;
    }

    /// <summary>Of how many documents of a collection it is known to hold something.</summary>
    public static long Count(SqliteConnection connection, CollectionName collection)
    {
        using var count = connection.Prepare("SELECT count(*) FROM upstream_marks WHERE index_name = ?1 AND collection = ?2");
        count.Bind(1, collection.Index);
        count.Bind(2, collection.Collection);
        count.Step();
        return count.Int64(0);
    }

    /// <summary>Documents that have been the same on both sides since before a moment, the longest first.</summary>
    public static List<UploadedDocument> Uploaded(SqliteConnection connection, CollectionName collection, long before, int max)
    {
        var uploaded = new List<UploadedDocument>();
        using var find = connection.Prepare(
            """
            SELECT id, held_since FROM upstream_marks m WHERE index_name = ?1 AND collection = ?2 AND held_since < ?3
                AND NOT EXISTS (SELECT 1 FROM outbox_fills f JOIN collections c ON c.number = f.collection_number JOIN indexes i ON i.number = c.index_number WHERE i.name = ?1 AND c.name = ?2)
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.index_name = ?1 AND o.collection = ?2 AND o.id = m.id)
                AND NOT EXISTS (SELECT 1 FROM outbox_parked p WHERE p.index_name = ?1 AND p.collection = ?2 AND p.id = m.id)
            ORDER BY held_since LIMIT ?4
            """);
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        find.Bind(3, before);
        find.Bind(4, max);
        while (find.Step()) uploaded.Add(new UploadedDocument(find.Text(0), DateTimeOffset.FromUnixTimeMilliseconds(find.Int64(1))));
        return uploaded;
    }

    /// <summary>What it holds of one document.</summary>
    public static UpstreamMark? Find(SqliteConnection connection, CollectionName collection, string id)
    {
        using var find = connection.Prepare("SELECT fingerprint FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 AND id = ?3");
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        find.Bind(3, id);
        return find.Step() ? UpstreamMark.Read(find.Blob(0)) : null;
    }

    /// <summary>What it holds of a range of documents, and of some others.</summary>
    public static IReadOnlyDictionary<string, UpstreamMark> Read(SqliteConnection connection, CollectionName collection, string after, string? last, IReadOnlyList<string> ids)
    {
        var marks = new Dictionary<string, UpstreamMark>(StringComparer.Ordinal);
        using (var range = connection.Prepare(
            "SELECT id, fingerprint FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 AND id > ?3 AND (?4 IS NULL OR id <= ?4)"))
        {
            range.Bind(1, collection.Index);
            range.Bind(2, collection.Collection);
            range.Bind(3, after);
            if (last is null) range.BindNull(4);
            else range.Bind(4, last);
            while (range.Step()) marks[range.Text(0)] = UpstreamMark.Read(range.Blob(1));
        }

        foreach (var id in ids)
        {
            if (!marks.ContainsKey(id) && Find(connection, collection, id) is { } mark) marks[id] = mark;
        }

        return marks;
    }

    /// <summary>Carries a statement out that names one document.</summary>
    private static void Change(SqliteConnection connection, string sql, CollectionName collection, string id)
    {
        using var change = connection.Prepare(sql);
        change.Bind(1, collection.Index);
        change.Bind(2, collection.Collection);
        change.Bind(3, id);
        change.Execute();
    }
}
