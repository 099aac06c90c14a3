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
}
