using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>What an operation works on within a transaction. Belongs to the writer's thread.</summary>
internal sealed class WriteContext(SqliteConnection connection, SqliteStoreOptions options, TimeProvider clock)
{
    // What waits already has waited since then; in all else the new entry is a new one.
    private const string OutboxSql =
        """
        INSERT OR REPLACE INTO outbox (index_name, collection, id, priority, since) VALUES
            (?1, ?2, ?3, ?4, coalesce((SELECT since FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id = ?3), ?5))
        """;

    public SqliteConnection Connection { get; } = connection;

    /// <summary>The catalogue as this transaction has made it; readers see it after the commit.</summary>
    public StoredCatalogue Catalogue { get; set; } = StoredCatalogue.Empty;

    /// <summary>How many documents collections hold.</summary>
    public DocumentCounts Counts { get; } = new();

    /// <summary>Keeps indexes in step.</summary>
    public IndexWriter Indexes { get; } = new();

    /// <summary>True when the transaction put something in the outbox.</summary>
    public bool OutboxGrew { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsSynchronised(CollectionName collection) => options.IsSynchronised(collection);

    /// <summary>
    /// Notes that a document must go upstream. An entry that is there already moves to the end, so that it tells of the newest change and one that is being
    /// delivered at this moment is not taken for it.
    /// </summary>
    public void AddToOutbox(CollectionName collection, string id)
    {
        using var insert = Connection.Prepare(OutboxSql);
        insert.Bind(1, collection.Index);
        insert.Bind(2, collection.Collection);
        insert.Bind(3, id);
        insert.Bind(4, options.UpstreamPriority(collection));
        insert.Bind(5, Now);
        insert.Execute();
        OutboxGrew = true;
    }

    /// <summary>Whether something of a document waits to go upstream; what was refused for good counts, for the upstream has not got it.</summary>
    public bool IsInOutbox(CollectionName collection, string id)
    {
        using var find = Connection.Prepare(
            """
            SELECT 1 FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id = ?3
            UNION ALL SELECT 1 FROM outbox_parked WHERE index_name = ?1 AND collection = ?2 AND id = ?3
            """);
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        find.Bind(3, id);
        return find.Step();
    }

    /// <summary>Takes a document out of the outbox: the upstream's version has replaced it.</summary>
    public void RemoveFromOutbox(CollectionName collection, string id)
    {
        foreach (var sql in (ReadOnlySpan<string>)
            [
                "DELETE FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id = ?3",
                "DELETE FROM outbox_parked WHERE index_name = ?1 AND collection = ?2 AND id = ?3",
            ])
        {
            using var delete = Connection.Prepare(sql);
            delete.Bind(1, collection.Index);
            delete.Bind(2, collection.Collection);
            delete.Bind(3, id);
            delete.Execute();
        }
    }

    /// <summary>Notes every document of a collection: it is about to lose them, or they shall go upstream anew.</summary>
    public void AddAllToOutbox(CollectionTable table)
    {
        if (!IsSynchronised(table.Name)) return;

        using var insert = Connection.Prepare(table.OutboxAllSql);
        insert.Bind(1, table.Name.Index);
        insert.Bind(2, table.Name.Collection);
        insert.Bind(3, options.UpstreamPriority(table.Name));
        insert.Bind(4, Now);
        insert.Execute();
        OutboxGrew = true;
    }
}
