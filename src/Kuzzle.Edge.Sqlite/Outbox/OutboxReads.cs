using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Reading;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>What is next in the outbox, within one state of the database.</summary>
internal static class OutboxReads
{
    /// <summary>Some requests' worth: five hundred documents of a megabyte would end a small board's process.</summary>
    private const long MaxPeekBytes = 4 * 1024 * 1024;

    private const string Columns =
        """
        SELECT sequence, index_name, collection, id, attempts, priority, since,
            (SELECT fingerprint FROM upstream_marks m WHERE m.index_name = o.index_name AND m.collection = o.collection AND m.id = o.id)
        FROM outbox o WHERE
        """;

    private const string ReadySql = $"{Columns} not_before = 0 AND priority >= ?2 ORDER BY priority DESC, sequence LIMIT ?1";

    private const string DeferredSql = $"{Columns} not_before > 0 AND not_before <= ?3 AND priority >= ?2 ORDER BY not_before LIMIT ?1";

    /// <summary>The entries that are next, with their documents.</summary>
    public static List<OutboxEntry> Peek(ReadConnection connection, int max, int leastPriority, long now)
    {
        var entries = Read(connection.Database, ReadySql, max, leastPriority, now: null);
        var deferred = Read(connection.Database, DeferredSql, max, leastPriority, now);
        if (deferred.Count > 0) entries = [.. entries.Concat(deferred).OrderByDescending(entry => entry.Priority).ThenBy(entry => entry.Sequence).Take(max)];
        return WithDocuments(connection, entries);
    }

    /// <summary>Whether anything is next.</summary>
    public static bool IsAnyDue(ReadConnection connection, int leastPriority, long now)
    {
        using var due = connection.Database.Prepare(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE not_before = 0 AND priority >= ?1)
                OR EXISTS (SELECT 1 FROM outbox WHERE not_before > 0 AND not_before <= ?2 AND priority >= ?1)
            """);
        due.Bind(1, leastPriority);
        due.Bind(2, now);
        return due.Step();
    }

    /// <summary>How urgent the most urgent one is.</summary>
    public static int? FindUrgency(ReadConnection connection)
    {
        using var find = connection.Database.Prepare("SELECT priority FROM outbox WHERE not_before = 0 ORDER BY priority DESC, sequence LIMIT 1");
        return find.Step() ? (int)find.Int64(0) : null;
    }

    private static List<OutboxEntry> Read(SqliteConnection connection, string sql, int max, int leastPriority, long? now)
    {
        var entries = new List<OutboxEntry>();
        using var read = connection.Prepare(sql);
        read.Bind(1, max);
        read.Bind(2, leastPriority);
        if (now is { } moment) read.Bind(3, moment);
        while (read.Step())
        {
            entries.Add(new OutboxEntry(read.Int64(0), new CollectionName(read.Text(1), read.Text(2)), read.Text(3), Document: null)
            {
                Attempts = (int)read.Int64(4),
                Priority = (int)read.Int64(5),
                Since = DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(6)),
                Known = read.IsNull(7) ? null : UpstreamMark.Read(read.Blob(7)),
            });
        }

        return entries;
    }

    private static List<OutboxEntry> WithDocuments(ReadConnection connection, List<OutboxEntry> entries)
    {
        // From the same state of the database as the entries: the published catalogue may be a moment older, and a document whose collection it does not
        // know yet would go upstream as deleted.
        var tables = new Dictionary<CollectionName, string?>();
        var bytes = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            if (bytes >= MaxPeekBytes) return entries.GetRange(0, i);

            var collection = entries[i].Collection;
            if (!tables.TryGetValue(collection, out var find)) tables.Add(collection, find = FindSqlOf(connection, collection));
            if (find is null || DocumentReads.Find(connection, find, entries[i].Id) is not { } document) continue;

            bytes += document.Json.Length;
            entries[i] = entries[i] with { Document = document };
        }

        return entries;
    }

    private static string? FindSqlOf(ReadConnection connection, CollectionName collection)
    {
        using var find = connection.Database.Prepare(
            "SELECT c.number FROM collections c JOIN indexes i ON i.number = c.index_number WHERE i.name = ?1 AND c.name = ?2");
        find.Bind(1, collection.Index);
        find.Bind(2, collection.Collection);
        return find.Step() ? CollectionTable.FindSqlOf(find.Int64(0)) : null;
    }
}
