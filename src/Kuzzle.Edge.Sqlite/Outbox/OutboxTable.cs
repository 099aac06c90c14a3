using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>
/// The tables <c>outbox</c> and <c>outbox_parked</c>, and how much they hold: every change of theirs is made here, so the totals need no counting. Belongs to the writer's thread,
/// but for <see cref="Totals"/>.
/// </summary>
internal sealed class OutboxTable
{
    /// <summary>When the bounds are reached, room is made for some hundred writes at once; more would give up more than must be.</summary>
    private const int DropStep = 200;

    /// <summary>No request is larger than this, and so no operation: closer to the bound than this, each is looked at.</summary>
    private const long LargestOperation = 32 * 1024 * 1024;

    private readonly SqliteConnection _connection;
    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _clock;
    private OutboxTotals _committed;

    public OutboxTable(SqliteConnection connection, SqliteStoreOptions options, TimeProvider clock)
    {
        _connection = connection;
        _options = options;
        _clock = clock;
        _committed = Pending = Count(OutboxTotals.Nothing);
    }

    /// <summary>As of the last commit. For any thread.</summary>
    public OutboxTotals Totals => Volatile.Read(ref _committed);

    /// <summary>As this transaction has made it.</summary>
    public OutboxTotals Pending { get; private set; }

    /// <summary>True when the transaction entered something.</summary>
    public bool Grew { get; private set; }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The transaction is durable.</summary>
    public void Commit()
    {
        Volatile.Write(ref _committed, Pending);
        Grew = false;
    }

    /// <summary>The transaction has had no effect.</summary>
    public void Abandon()
    {
        Pending = _committed;
        Grew = false;
    }

    /// <summary>
    /// Notes that a document must go upstream. An entry that is there already moves to the end, so that it tells of the newest change and one that is being
    /// delivered at this moment is not taken for it; it has waited since it first did.
    /// </summary>
    /// <param name="collection">The document's collection.</param>
    /// <param name="id">The document.</param>
    /// <param name="route">Which ways the collection's documents go.</param>
    /// <param name="bytes">How large the document is now; 0 when it was deleted.</param>
    public void Add(CollectionName collection, string id, UpstreamRoute route, long bytes)
    {
        var since = TakeOut(collection, id) ?? Now;
        using var insert = _connection.Prepare("INSERT INTO outbox (index_name, collection, id, priority, droppable, since, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        insert.Bind(1, collection.Index);
        insert.Bind(2, collection.Collection);
        insert.Bind(3, id);
        insert.Bind(4, route.Priority);
        insert.Bind(5, route.MayBeDropped && bytes > 0 ? 1 : 0); // A deletion that is given up would leave the document there for ever.
        insert.Bind(6, since);
        insert.Bind(7, bytes);
        insert.Execute();
        Pending = Pending with { Entries = Pending.Entries + 1, Bytes = Pending.Bytes + bytes };
        Grew = true;
    }

    /// <summary>Notes every document of a collection, as it is or as deleted.</summary>
    public void AddAll(CollectionTable table, UpstreamRoute route, bool asDeleted)
    {
        using (var clear = _connection.Prepare(table.OutboxNoneSql))
        {
            clear.Bind(1, table.Name.Index);
            clear.Bind(2, table.Name.Collection);
            clear.Execute();
        }

        using (var insert = _connection.Prepare(table.OutboxAllSql))
        {
            insert.Bind(1, table.Name.Index);
            insert.Bind(2, table.Name.Collection);
            insert.Bind(3, route.Priority);
            insert.Bind(4, route.MayBeDropped && !asDeleted ? 1 : 0);
            insert.Bind(5, Now);
            insert.Bind(6, asDeleted ? 0 : 1);
            insert.Execute();
        }

        Pending = Count(Pending);
        Grew = true;
    }

    /// <summary>Whether a change of a document waits.</summary>
    public bool Waits(CollectionName collection, string id) => Exists("SELECT 1 FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id = ?3", collection, id);

    /// <summary>Whether the upstream has not got a change of a document: one that waits, or one that it refused for good.</summary>
    public bool Holds(CollectionName collection, string id) =>
        (Pending.Entries > 0 && Waits(collection, id))
        || (Pending.Parked > 0 && Exists("SELECT 1 FROM outbox_parked WHERE index_name = ?1 AND collection = ?2 AND id = ?3", collection, id));

    /// <summary>Takes a document out: the upstream's version has replaced it. True when it was parked.</summary>
    public bool Remove(CollectionName collection, string id)
    {
        TakeOut(collection, id);
        return Unpark(collection, id);
    }

    /// <summary>Takes an entry out. False when a later change has moved it.</summary>
    public bool Remove(long sequence)
    {
        using var delete = _connection.Prepare("DELETE FROM outbox WHERE sequence = ?1 RETURNING bytes");
        delete.Bind(1, sequence);
        if (!delete.Step()) return false;

        Pending = Pending with { Entries = Pending.Entries - 1, Bytes = Pending.Bytes - delete.Int64(0) };
        delete.Execute();
        return true;
    }

    /// <summary>Lets an entry wait until a moment.</summary>
    public void Defer(long sequence, long until)
    {
        using var defer = _connection.Prepare("UPDATE outbox SET attempts = attempts + 1, not_before = ?2 WHERE sequence = ?1");
        defer.Bind(1, sequence);
        defer.Bind(2, until);
        defer.Execute();
    }

    /// <summary>Lets an entry that was delivered wait for its second delivery.</summary>
    public void Repeat(long sequence, long at)
    {
        using var wait = _connection.Prepare("UPDATE outbox SET attempts = 0, not_before = ?2 WHERE sequence = ?1");
        wait.Bind(1, sequence);
        wait.Bind(2, at);
        wait.Execute();
    }

    /// <summary>Ends the waiting of all that is deferred. Answers how many.</summary>
    public long Wake()
    {
        var count = 0L;
        using var wake = _connection.Prepare("UPDATE outbox SET attempts = 0, not_before = 0 WHERE not_before > 0 RETURNING 1");
        while (wake.Step()) count++;
        Grew |= count > 0;
        return count;
    }

    /// <summary>Keeps what was refused.</summary>
    public void Park(OutboxEntry entry, string reason, long now)
    {
        Unpark(entry.Collection, entry.Id);
        using var park = _connection.Prepare("INSERT INTO outbox_parked (sequence, index_name, collection, id, reason, parked_at, letter) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        park.Bind(1, entry.Sequence);
        park.Bind(2, entry.Collection.Index);
        park.Bind(3, entry.Collection.Collection);
        park.Bind(4, entry.Id);
        park.Bind(5, reason);
        park.Bind(6, now);
        park.Bind(7, DeadLetters.IdOf(entry.Collection, entry.Id));
        park.Execute();
        Pending = Pending with { Parked = Pending.Parked + 1 };
    }

    /// <summary>Forgets that a document was refused. False when it was not.</summary>
    public bool Unpark(CollectionName collection, string id)
    {
        if (Pending.Parked == 0) return false;

        using var unpark = _connection.Prepare("DELETE FROM outbox_parked WHERE index_name = ?1 AND collection = ?2 AND id = ?3 RETURNING 1");
        unpark.Bind(1, collection.Index);
        unpark.Bind(2, collection.Collection);
        unpark.Bind(3, id);
        if (!unpark.Step()) return false;

        unpark.Execute();
        Pending = Pending with { Parked = Pending.Parked - 1 };
        return true;
    }

    /// <summary>Somebody has thrown a letter away: what it told of is given up.</summary>
    public void UnparkLetter(string letter)
    {
        if (Pending.Parked == 0) return;

        using var unpark = _connection.Prepare("DELETE FROM outbox_parked WHERE letter = ?1 RETURNING 1");
        unpark.Bind(1, letter);
        while (unpark.Step()) Pending = Pending with { Parked = Pending.Parked - 1 };
    }

    /// <summary>Takes out all that was refused.</summary>
    public List<(CollectionName Collection, string Id)> TakeParked()
    {
        var parked = new List<(CollectionName Collection, string Id)>();
        using var take = _connection.Prepare("DELETE FROM outbox_parked RETURNING index_name, collection, id");
        while (take.Step()) parked.Add((new CollectionName(take.Text(0), take.Text(1)), take.Text(2)));
        Pending = Pending with { Parked = 0 };
        return parked;
    }

    /// <summary>Whether there is room for more.</summary>
    public bool HasRoomFor(long entries, long bytes) => Pending.Entries + entries <= _options.Outbox.MaxEntries && Pending.Bytes + bytes <= _options.Outbox.MaxBytes;

    /// <summary>Whether there is room for more, after what may be dropped was dropped if need be.</summary>
    public bool MakeRoomFor(long entries, long bytes)
    {
        if (entries > _options.Outbox.MaxEntries || bytes > _options.Outbox.MaxBytes) return false;

        while (!HasRoomFor(entries, bytes))
        {
            if (_options.Outbox.WhenFull != OutboxOverflow.DropOldest || !DropSome()) return false;
        }

        return true;
    }

    /// <summary>A write found no room.</summary>
    public void CountRefusal() => Pending = Pending with { Refused = Pending.Refused + 1 };

    /// <summary>Whether some entries more might not find room; asked for each write, so it looks at none.</summary>
    public bool IsNearlyFull(int entries) =>
        Pending.Entries + entries > _options.Outbox.MaxEntries || Pending.Bytes > _options.Outbox.MaxBytes - Math.Max(LargestOperation, _options.Outbox.MaxBytes / 16);

    private bool DropSome()
    {
        var dropped = 0L;
        var bytes = 0L;
        using var drop = _connection.Prepare(
            "DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE droppable = 1 ORDER BY sequence LIMIT ?1) RETURNING bytes");
        drop.Bind(1, DropStep);
        while (drop.Step())
        {
            dropped++;
            bytes += drop.Int64(0);
        }

        Pending = Pending with { Entries = Pending.Entries - dropped, Bytes = Pending.Bytes - bytes, Dropped = Pending.Dropped + dropped };
        return dropped > 0;
    }

    /// <summary>Since when the entry waited that was taken out; null when there was none.</summary>
    private long? TakeOut(CollectionName collection, string id)
    {
        using var delete = _connection.Prepare("DELETE FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id = ?3 RETURNING since, bytes");
        delete.Bind(1, collection.Index);
        delete.Bind(2, collection.Collection);
        delete.Bind(3, id);
        if (!delete.Step()) return null;

        var since = delete.Int64(0);
        Pending = Pending with { Entries = Pending.Entries - 1, Bytes = Pending.Bytes - delete.Int64(1) };
        delete.Execute();
        return since;
    }

    private bool Exists(string sql, CollectionName collection, string id)
    {
        using var find = _connection.Prepare(sql);
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        find.Bind(3, id);
        return find.Step();
    }

    private OutboxTotals Count(OutboxTotals before)
    {
        using var count = _connection.Prepare("SELECT count(*), coalesce(sum(bytes), 0), (SELECT count(*) FROM outbox_parked) FROM outbox");
        count.Step();
        return before with { Entries = count.Int64(0), Bytes = count.Int64(1), Parked = count.Int64(2) };
    }
}
