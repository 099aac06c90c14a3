using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// Writes whose connection broke before their answer. One may still lie in a proxy, or in a queue of the upstream, and be carried out after a newer one that came over the next
/// connection: for a while, what the upstream holds of these documents may be what was sent there before. Belongs to the loop of the link.
/// </summary>
internal sealed class UnansweredWrites(TimeSpan patience, TimeProvider clock)
{
    private readonly Dictionary<(CollectionName Collection, string Id), Unanswered> _writes = [];

    /// <summary>Notes documents of a request that got no answer.</summary>
    public void Add(CollectionName local, IReadOnlyList<PreparedEntry> entries)
    {
        var until = clock.GetUtcNow() + patience;
        foreach (var entry in entries)
        {
            if (!_writes.TryGetValue((local, entry.Id), out var write)) _writes.Add((local, entry.Id), write = new Unanswered());
            write.Until = until;
            if (entry.Mark is { } mark) write.Marks.Add(mark);
            else write.IsDeletion = true;
        }
    }

    /// <summary>Until when a write of a document may still come late; null when none may.</summary>
    public DateTimeOffset? Until(CollectionName local, string id) => _writes.TryGetValue((local, id), out var write) ? write.Until : null;

    /// <summary>Whether what the upstream holds may be one of them.</summary>
    /// <param name="local">The document's collection here.</param>
    /// <param name="id">The document.</param>
    /// <param name="held">What the upstream holds; null for nothing.</param>
    public bool MayBe(CollectionName local, string id, UpstreamMark? held)
    {
        if (!_writes.TryGetValue((local, id), out var write)) return false;
        return held is { } mark ? write.Marks.Contains(mark) : write.IsDeletion;
    }

    /// <summary>Documents of one collection, at most <paramref name="max"/>, whose while is over; null when there are none. They stay until <see cref="Forget"/>.</summary>
    public (CollectionName Collection, List<string> Ids)? FindDue(int max)
    {
        var now = clock.GetUtcNow();
        var due = _writes.Where(write => write.Value.Until <= now).Select(write => write.Key).GroupBy(document => document.Collection).FirstOrDefault();
        return due is null ? null : (due.Key, [.. due.Take(max).Select(document => document.Id)]);
    }

    /// <summary>What the upstream holds of these has been looked at since.</summary>
    public void Forget(CollectionName local, IReadOnlyList<string> ids)
    {
        foreach (var id in ids) _writes.Remove((local, id));
    }

    private sealed class Unanswered
    {
        public DateTimeOffset Until { get; set; }

        public HashSet<UpstreamMark> Marks { get; } = [];

        public bool IsDeletion { get; set; }
    }
}
