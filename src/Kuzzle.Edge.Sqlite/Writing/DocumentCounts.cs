using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>
/// How many documents collections hold, by number, as of the last commit: kept in memory, since SQLite would look at every entry of an index. A collection that
/// nobody has counted since the start is not known. Changed by the writer's thread only, read by any.
/// </summary>
internal sealed class DocumentCounts
{
    private readonly ConcurrentDictionary<long, long> _committed = new();

    /// <summary>What the transaction makes of them; null is no collection any more.</summary>
    private readonly Dictionary<long, long?> _pending = [];

    /// <summary>As committed.</summary>
    public bool TryGet(long collection, out long count) => _committed.TryGetValue(collection, out count);

    /// <summary>As this transaction sees it.</summary>
    public bool TryGetPending(long collection, [NotNullWhen(true)] out long? count)
    {
        if (!_pending.TryGetValue(collection, out count)) count = _committed.TryGetValue(collection, out var committed) ? committed : null;
        return count is not null;
    }

    public void Set(long collection, long count) => _pending[collection] = count;

    public void Add(long collection, long change)
    {
        if (TryGetPending(collection, out var count)) _pending[collection] = count + change;
    }

    public void Remove(long collection) => _pending[collection] = null;

    /// <summary>The transaction is durable.</summary>
    public void Commit()
    {
        foreach (var (collection, count) in _pending)
        {
            if (count is { } known) _committed[collection] = known;
            else _ = _committed.TryRemove(collection, out _);
        }

        _pending.Clear();
    }

    /// <summary>The transaction has had no effect.</summary>
    public void Abandon() => _pending.Clear();
}
