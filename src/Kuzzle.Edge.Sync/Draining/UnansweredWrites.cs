using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// Writes whose connection broke before their answer. One may have been carried out, with only the answer lost. Or it still lies in a proxy, or in a queue of the upstream, and is carried
/// out after a newer one that came over the next connection: for a while, what the upstream holds of these documents may be what was sent there before. Thread-safe.
/// </summary>
internal sealed class UnansweredWrites(TimeSpan patience, TimeProvider clock)
{
    /// <summary>Some megabytes. There are more only when the link breaks again and again under different documents; a late write is then found by the next comparison.</summary>
    private const int Max = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(CollectionName Collection, string Id), Unanswered> _writes = [];
    private DateTimeOffset _lookAt;

    /// <summary>What waited before this may have been sent by a process that was killed then.</summary>
    public DateTimeOffset BeganAt { get; } = clock.GetUtcNow();

    /// <summary>Notes documents of a request that got no answer.</summary>
    public void Add(CollectionName local, IReadOnlyList<PreparedEntry> entries)
    {
        var until = clock.GetUtcNow() + patience;
        lock (_lock)
        {
            if (_writes.Count > Max) _writes.Clear();
            if (_writes.Count == 0) _lookAt = until;
            foreach (var entry in entries)
            {
                if (!_writes.TryGetValue((local, entry.Id), out var write)) _writes.Add((local, entry.Id), write = new Unanswered());
                write.Until = until;
                write.IsNew = true;
                if (entry.Mark is { } mark) write.Marks.Add(mark);
                else write.IsDeletion = true;
            }
        }
    }

    /// <summary>Those whose documents may have arrived, each but once.</summary>
    public List<PreparedEntry> TakeNew(CollectionName local, List<PreparedEntry> entries)
    {
        lock (_lock)
        {
            if (_writes.Count == 0) return [];

            var fresh = entries.FindAll(entry => entry.Json is not null && _writes.TryGetValue((local, entry.Id), out var write) && write.IsNew);
            foreach (var entry in fresh) _writes[(local, entry.Id)].IsNew = false;
            return fresh;
        }
    }

    /// <summary>This one was carried out.</summary>
    public void Arrived(CollectionName local, string id, UpstreamMark mark)
    {
        lock (_lock)
        {
            if (!_writes.TryGetValue((local, id), out var write)) return;

            write.Marks.Remove(mark);
            if (write.Marks.Count == 0 && !write.IsDeletion) _writes.Remove((local, id));
        }
    }

    /// <summary>Until when a write of a document may still come late; null when none may.</summary>
    public DateTimeOffset? Until(CollectionName local, string id)
    {
        lock (_lock) return _writes.TryGetValue((local, id), out var write) ? write.Until : null;
    }

    /// <summary>Whether what the upstream holds may be one of them.</summary>
    /// <param name="local">The document's collection here.</param>
    /// <param name="id">The document.</param>
    /// <param name="held">What the upstream holds; null for nothing.</param>
    public bool MayBe(CollectionName local, string id, UpstreamMark? held)
    {
        lock (_lock)
        {
            if (!_writes.TryGetValue((local, id), out var write)) return false;
            return held is { } mark ? write.Marks.Contains(mark) : write.IsDeletion;
        }
    }

    /// <summary>Documents of one collection, at most <paramref name="max"/>, whose while is over; null when there are none. They stay until <see cref="Forget"/>.</summary>
    public (CollectionName Collection, List<string> Ids)? FindDue(int max)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_writes.Count == 0 || now < _lookAt) return null;

            var due = _writes.Where(write => write.Value.Until <= now).Select(write => write.Key).GroupBy(document => document.Collection).FirstOrDefault();
            if (due is not null) return (due.Key, [.. due.Take(max).Select(document => document.Id)]);

            _lookAt = _writes.Values.Min(write => write.Until);
            return null;
        }
    }

    /// <summary>What the upstream holds of these has been looked at since.</summary>
    public void Forget(CollectionName local, IReadOnlyList<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids) _writes.Remove((local, id));
        }
    }

    private sealed class Unanswered
    {
        public DateTimeOffset Until { get; set; }

        public bool IsNew { get; set; }

        public HashSet<UpstreamMark> Marks { get; } = [];

        public bool IsDeletion { get; set; }
    }
}
