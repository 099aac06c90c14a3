using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>The table of what the upstream is known to hold.</summary>
internal static class Marks
{
    /// <summary>Notes what it holds of a document; null for nothing.</summary>
    public static void Set(SqliteConnection connection, CollectionName collection, string id, UpstreamMark? mark)
    {
        using var statement = connection.Prepare(mark is null
            ? "DELETE FROM upstream_marks WHERE index_name = ?1 AND collection = ?2 AND id = ?3"
            : "INSERT OR REPLACE INTO upstream_marks (index_name, collection, id, fingerprint) VALUES (?1, ?2, ?3, ?4)");
        statement.Bind(1, collection.Index);
        statement.Bind(2, collection.Collection);
        statement.Bind(3, id);
        if (mark is { } known)
        {
            Span<byte> bytes = stackalloc byte[UpstreamMark.Length];
            known.CopyTo(bytes);
            statement.BindBlob(4, bytes);
        }

        statement.Execute();
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
}
