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
    /// <summary>Entries that are made, or changed, at once for a whole collection: others' writes wait for that long, some tens of milliseconds on a card.</summary>
    public const int Piece = 1000;

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

    /// <summary>Notes every document of a collection as deleted.</summary>
    public void AddAllDeleted(CollectionTable table, UpstreamRoute route)
    {
        using (var clear = _connection.Prepare(table.OutboxNoneSql))
        {
            clear.Bind(1, table.Name.Index);
            clear.Bind(2, table.Name.Collection);
            clear.Execute();
        }

        using (var insert = _connection.Prepare(table.OutboxDeletedSql))
        {
            insert.Bind(1, table.Name.Index);
            insert.Bind(2, table.Name.Collection);
            insert.Bind(3, route.Priority); // Not to be dropped: a deletion that is given up would leave the document there for ever.
            insert.Bind(4, Now);
            insert.Execute();
        }

        Pending = Count(Pending);
        Grew = true;
    }

    /// <summary>Notes that every document of a collection is to be entered, which <see cref="Fill"/> does piece by piece. What has begun already goes on.</summary>
    public void BeginFill(CollectionTable table, long documents)
    {
        using var begin = _connection.Prepare("INSERT OR IGNORE INTO outbox_fills (collection_number, reached, until, remaining) VALUES (?1, 0, ?2, ?3)");
        begin.Bind(1, table.Number);
        begin.Bind(2, _connection.QueryInt64(table.LastRowSql));
        begin.Bind(3, documents);
        begin.Execute();
        if (_connection.Changes > 0) Pending = Pending with { Entries = Pending.Entries + documents };
    }

    /// <summary>About how many documents of a collection are still to be entered.</summary>
    public long RemainingOf(CollectionTable table)
    {
        using var find = _connection.Prepare("SELECT remaining FROM outbox_fills WHERE collection_number = ?1");
        find.Bind(1, table.Number);
        return find.Step() ? find.Int64(0) : 0;
    }

    /// <summary>Enters no more of a collection's documents. What was entered stays.</summary>
    /// <param name="collection">Its number.</param>
    /// <param name="remaining">How many were still to be entered.</param>
    public void EndFill(long collection, long remaining)
    {
        using var end = _connection.Prepare("DELETE FROM outbox_fills WHERE collection_number = ?1");
        end.Bind(1, collection);
        end.Execute();
        Pending = Pending with { Entries = Pending.Entries - remaining };
    }

    /// <summary>Enters some documents of a collection that is being entered. False when none is.</summary>
    /// <param name="find">The collection of a number; null when it is gone.</param>
    /// <param name="routeOf">Which ways a collection goes.</param>
    public bool Fill(Func<long, CollectionTable?> find, Func<CollectionName, UpstreamRoute> routeOf)
    {
        if (FindFill() is not { } fill) return false;
        if (find(fill.Collection) is not { } table || routeOf(table.Name) is not { GoesUp: true } route)
        {
            EndFill(fill.Collection, fill.Remaining);
            return true;
        }

        var (count, last) = FindPiece(table, fill.Reached, fill.Until);
        var (entries, bytes) = Enter(table, route, fill.Reached, last);
        var done = Math.Min(count, fill.Remaining);
        using (var note = _connection.Prepare("UPDATE outbox_fills SET reached = ?2, remaining = remaining - ?3 WHERE collection_number = ?1"))
        {
            note.Bind(1, fill.Collection);
            note.Bind(2, last);
            note.Bind(3, done);
            note.Execute();
        }

        Pending = Pending with { Entries = Pending.Entries + entries - done, Bytes = Pending.Bytes + bytes };
        Grew |= entries > 0;
        if (count < Piece) EndFill(fill.Collection, fill.Remaining - done);
        return true;
    }

    /// <summary>A collection behind another, in the order of their names, of which something waits; null when there is none.</summary>
    public CollectionName? FindCollection(CollectionName after)
    {
        using var find = _connection.Prepare("SELECT index_name, collection FROM outbox WHERE (index_name, collection) > (?1, ?2) ORDER BY index_name, collection LIMIT 1");
        find.Bind(1, after.Index);
        find.Bind(2, after.Collection);
        return find.Step() ? new CollectionName(find.Text(0), find.Text(1)) : null;
    }

    /// <summary>Takes out some entries of a collection that does not go up any more, and answers whose they were.</summary>
    public List<string> TakeSome(CollectionName collection)
    {
        var taken = new List<string>();
        var bytes = 0L;
        using var take = _connection.Prepare(
            "DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE index_name = ?1 AND collection = ?2 LIMIT ?3) RETURNING id, bytes");
        take.Bind(1, collection.Index);
        take.Bind(2, collection.Collection);
        take.Bind(3, Piece);
        while (take.Step())
        {
            taken.Add(take.Text(0));
            bytes += take.Int64(1);
        }

        Pending = Pending with { Entries = Pending.Entries - taken.Count, Bytes = Pending.Bytes - bytes };
        return taken;
    }

    /// <summary>Gives some entries of a collection, behind an identifier, what a route says of them. Answers the last one's; null when these were the last.</summary>
    public string? Reroute(CollectionName collection, string after, UpstreamRoute route)
    {
        var last = FindLast(collection, after);
        using var change = _connection.Prepare(
            "UPDATE outbox SET priority = ?5, droppable = iif(bytes > 0, ?6, 0) WHERE index_name = ?1 AND collection = ?2 AND id > ?3 AND (?4 IS NULL OR id <= ?4)");
        change.Bind(1, collection.Index);
        change.Bind(2, collection.Collection);
        change.Bind(3, after);
        if (last is null) change.BindNull(4);
        else change.Bind(4, last);
        change.Bind(5, route.Priority);
        change.Bind(6, route.MayBeDropped ? 1 : 0);
        change.Execute();
        return last;
    }

    /// <summary>Whether a change of a document waits.</summary>
    public bool Waits(CollectionName collection, string id) => Exists("SELECT 1 FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id = ?3", collection, id);

    /// <summary>Whether the upstream has not got a change of a document: one that waits, or is still to be entered, or one that it refused for good.</summary>
    /// <param name="table">The document's collection.</param>
    /// <param name="id">The document.</param>
    /// <param name="row">Its row; 0 when there is no such document.</param>
    public bool Holds(CollectionTable table, string id, long row) =>
        (Pending.Entries > 0 && (Waits(table.Name, id) || IsToBeEntered(table, row)))
        || (Pending.Parked > 0 && Exists("SELECT 1 FROM outbox_parked WHERE index_name = ?1 AND collection = ?2 AND id = ?3", table.Name, id));

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

    /// <summary>Ends the waiting of some that are deferred. Answers how many.</summary>
    public int Wake()
    {
        var count = 0;
        using var wake = _connection.Prepare(
            "UPDATE outbox SET attempts = 0, not_before = 0 WHERE sequence IN (SELECT sequence FROM outbox WHERE not_before > 0 ORDER BY not_before LIMIT ?1) RETURNING 1");
        wake.Bind(1, Piece);
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

        var parked = new List<(CollectionName Collection, string Id)>();
        using var unpark = _connection.Prepare("DELETE FROM outbox_parked WHERE letter = ?1 RETURNING index_name, collection, id");
        unpark.Bind(1, letter);
        while (unpark.Step()) parked.Add((new CollectionName(unpark.Text(0), unpark.Text(1)), unpark.Text(2)));
        GiveUp(parked);
        Pending = Pending with { Parked = Pending.Parked - parked.Count };
    }

    /// <summary>What the upstream has not got, and will not get until it changes, is here only: what it had of these before does not stand in for them.</summary>
    public void GiveUp(IReadOnlyList<(CollectionName Collection, string Id)> documents)
    {
        foreach (var (collection, id) in documents) Marks.Part(_connection, collection, id);
    }

    /// <summary>Takes out some of what was refused, the oldest first.</summary>
    /// <param name="last">Entries after this one were refused later, and stay.</param>
    public List<(CollectionName Collection, string Id)> TakeParked(long last)
    {
        var parked = new List<(CollectionName Collection, string Id)>();
        using var take = _connection.Prepare(
            "DELETE FROM outbox_parked WHERE sequence IN (SELECT sequence FROM outbox_parked WHERE sequence <= ?1 ORDER BY sequence LIMIT ?2) RETURNING index_name, collection, id");
        take.Bind(1, last);
        take.Bind(2, Piece);
        while (take.Step()) parked.Add((new CollectionName(take.Text(0), take.Text(1)), take.Text(2)));
        Pending = Pending with { Parked = Pending.Parked - parked.Count };
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
        var dropped = new List<(CollectionName Collection, string Id)>();
        var bytes = 0L;
        using var drop = _connection.Prepare(
            "DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE droppable = 1 ORDER BY sequence LIMIT ?1) RETURNING index_name, collection, id, bytes");
        drop.Bind(1, DropStep);
        while (drop.Step())
        {
            dropped.Add((new CollectionName(drop.Text(0), drop.Text(1)), drop.Text(2)));
            bytes += drop.Int64(3);
        }

        GiveUp(dropped);
        Pending = Pending with { Entries = Pending.Entries - dropped.Count, Bytes = Pending.Bytes - bytes, Dropped = Pending.Dropped + dropped.Count };
        return dropped.Count > 0;
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

    private bool IsToBeEntered(CollectionTable table, long row)
    {
        using var find = _connection.Prepare("SELECT 1 FROM outbox_fills WHERE collection_number = ?1 AND reached < ?2 AND until >= ?2");
        find.Bind(1, table.Number);
        find.Bind(2, row);
        return find.Step();
    }

    private (long Collection, long Reached, long Until, long Remaining)? FindFill()
    {
        using var find = _connection.Prepare("SELECT collection_number, reached, until, remaining FROM outbox_fills ORDER BY collection_number LIMIT 1");
        return find.Step() ? (find.Int64(0), find.Int64(1), find.Int64(2), find.Int64(3)) : null;
    }

    private (long Count, long Last) FindPiece(CollectionTable table, long reached, long until)
    {
        using var find = _connection.Prepare(table.PieceSql);
        find.Bind(1, reached);
        find.Bind(2, until);
        find.Bind(3, Piece);
        find.Step();
        return (find.Int64(0), find.Int64(1));
    }

    private (long Entries, long Bytes) Enter(CollectionTable table, UpstreamRoute route, long after, long last)
    {
        var (entries, bytes) = (0L, 0L);
        using var fill = _connection.Prepare(table.OutboxFillSql);
        fill.Bind(1, table.Name.Index);
        fill.Bind(2, table.Name.Collection);
        fill.Bind(3, route.Priority);
        fill.Bind(4, route.MayBeDropped ? 1 : 0);
        fill.Bind(5, Now);
        fill.Bind(6, after);
        fill.Bind(7, last);
        while (fill.Step())
        {
            entries++;
            bytes += fill.Int64(0);
        }

        return (entries, bytes);
    }

    private string? FindLast(CollectionName collection, string after)
    {
        using var find = _connection.Prepare("SELECT id FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id > ?3 ORDER BY id LIMIT 1 OFFSET ?4");
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        find.Bind(3, after);
        find.Bind(4, Piece - 1);
        return find.Step() ? find.Text(0) : null;
    }

    private OutboxTotals Count(OutboxTotals before)
    {
        using var count = _connection.Prepare(
            "SELECT count(*) + (SELECT coalesce(sum(remaining), 0) FROM outbox_fills), coalesce(sum(bytes), 0), (SELECT count(*) FROM outbox_parked) FROM outbox");
        count.Step();
        return before with { Entries = count.Int64(0), Bytes = count.Int64(1), Parked = count.Int64(2) };
    }
}
