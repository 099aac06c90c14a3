using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Outbox;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Space;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>What an operation works on within a transaction. Belongs to the writer's thread.</summary>
internal sealed class WriteContext(SqliteConnection connection, SqliteStoreOptions options, TimeProvider clock)
{
    public SqliteConnection Connection { get; } = connection;

    public SqliteStoreOptions Options => options;

    /// <summary>The catalogue as this transaction has made it; readers see it after the commit.</summary>
    public StoredCatalogue Catalogue { get; set; } = StoredCatalogue.Empty;

    /// <summary>How many documents collections hold.</summary>
    public DocumentCounts Counts { get; } = new();

    /// <summary>Keeps indexes in step.</summary>
    public IndexWriter Indexes { get; } = new();

    /// <summary>What must go upstream.</summary>
    public OutboxTable Outbox { get; } = new(connection, options, clock);

    /// <summary>What the upstream refused, for everybody to see.</summary>
    public DeadLetters DeadLetters { get; } = new(options.DeadLetters);

    /// <summary>Whether there is room on the disk.</summary>
    public DiskGuard Disk { get; } = new(connection, options, clock);

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Which ways the documents of a collection go.</summary>
    public Func<CollectionName, UpstreamRoute> RouteOf { get; set; } = options.RouteOf;

    /// <summary>How many documents a collection has.</summary>
    public long CountOf(CollectionTable table)
    {
        if (Counts.TryGetPending(table.Number, out var known)) return known.Value;

        var count = Connection.QueryInt64($"SELECT count(*) FROM {table.Table}");
        Counts.Set(table.Number, count);
        return count;
    }

    /// <summary>A collection is about to lose all its documents: the upstream must hear of it, where it hears of anything.</summary>
    public void TellOfRemovals(CollectionTable table)
    {
        var route = RouteOf(table.Name);
        if (route.GoesUp) Outbox.AddAllDeleted(table, route);
        else if (route.ComesDown) Marks.Forget(Connection, table.Name); // It is there still, and comes back with the next comparison.
    }

    /// <summary>The upstream has accepted a document: what it holds is known, and what it refused of it before is settled.</summary>
    /// <param name="entry">What it has accepted.</param>
    /// <param name="heldSince">Since when that is what is here; null when the document has changed again, or what it has accepted may not last.</param>
    public void NoteDelivered(OutboxEntry entry, long? heldSince)
    {
        if (Outbox.Unpark(entry.Collection, entry.Id)) DeadLetters.Remove(this, entry.Collection, entry.Id);
        if (entry.Held is not null || entry.Known is not null) Marks.Set(Connection, entry.Collection, entry.Id, entry.Held, heldSince);
    }

    /// <summary>Notes that a document must go upstream, as it is.</summary>
    public void AddToOutbox(CollectionName collection, string id) => Outbox.Add(collection, id, RouteOf(collection), SizeOf(collection, id) ?? 0);

    /// <summary>Whether there is such a document.</summary>
    public bool Exists(CollectionName collection, string id) => SizeOf(collection, id) is not null;

    private long? SizeOf(CollectionName collection, string id)
    {
        if (!Catalogue.TryGetTable(collection, out var table)) return null;

        using var find = Connection.Prepare(table.FindSql);
        find.Bind(1, id);
        return find.Step() ? find.Utf8(1).Length : null;
    }
}
