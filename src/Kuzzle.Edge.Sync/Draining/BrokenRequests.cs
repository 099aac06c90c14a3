using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// What was under way when a connection broke, and how few of it may travel together the next time. Mostly it was the line. But a document may be too large for the upstream, or for something
/// on the way, that says so by hanging up; in halves it is found, and does not take its neighbours with it. Thread-safe.
/// </summary>
internal sealed class BrokenRequests
{
    /// <summary>More were under way only when the link broke again and again under different documents.</summary>
    private const int Max = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(CollectionName Collection, string Id), Limit> _limits = [];

    /// <summary>A request got no answer.</summary>
    /// <param name="local">The collection of its documents.</param>
    /// <param name="entries">What it held.</param>
    /// <param name="isAlone">Whether nothing else was under way.</param>
    /// <returns>How often in a row the connection broke under the last of them while nothing else was under way.</returns>
    public int Add(CollectionName local, IReadOnlyList<PreparedEntry> entries, bool isAlone)
    {
        lock (_lock)
        {
            if (_limits.Count > Max) _limits.Clear();
            var half = Math.Max(1, entries.Count / 2);
            var breaks = 0;
            foreach (var entry in entries)
            {
                if (!_limits.TryGetValue((local, entry.Id), out var limit)) limit = new Limit(int.MaxValue, 0);
                breaks = isAlone && entries.Count == 1 ? limit.Breaks + 1 : limit.Breaks;
                _limits[(local, entry.Id)] = new Limit(Math.Min(limit.Together, half), breaks);
            }

            return breaks;
        }
    }

    /// <summary>With how many others, itself among them, a document may travel.</summary>
    public int MostWith(CollectionName local, string id)
    {
        lock (_lock) return _limits.TryGetValue((local, id), out var limit) ? limit.Together : int.MaxValue;
    }

    /// <summary>These were answered for.</summary>
    public void Answered(CollectionName local, IReadOnlyList<PreparedEntry> entries)
    {
        lock (_lock)
        {
            if (_limits.Count == 0) return;
            foreach (var entry in entries) _limits.Remove((local, entry.Id));
        }
    }

    private readonly record struct Limit(int Together, int Breaks);
}
