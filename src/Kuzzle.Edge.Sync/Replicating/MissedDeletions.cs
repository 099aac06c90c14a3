using System.Security.Cryptography;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>
/// Collections from which something may have been deleted while nobody told of it, and when to look. Many boxes lose their upstream at the same moment, and find it again: each waits its
/// own time. A line that breaks again and again does not put it off. Belongs to the loop of the link.
/// </summary>
/// <param name="delay">How long to wait after a new connection, give or take a half.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class MissedDeletions(TimeSpan delay, TimeProvider clock)
{
    /// <summary>A line that breaks every minute is not for comparing every minute.</summary>
    private const int MinDelaysBetween = 5;

    private readonly Dictionary<CollectionName, DateTimeOffset> _due = [];

    /// <summary>When the first is due; far away when there is none.</summary>
    public DateTimeOffset DueAt => _due.Count == 0 ? DateTimeOffset.MaxValue : _due.Values.Min();

    /// <summary>One may have missed something. Whatever is due already stays so.</summary>
    /// <param name="collection">The collection here.</param>
    /// <param name="comparedAt">When it was last compared; null when never.</param>
    public void Add(CollectionName collection, DateTimeOffset? comparedAt)
    {
        var jittered = delay * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 1000.0));
        var (soon, early) = (clock.GetUtcNow() + jittered, (comparedAt ?? DateTimeOffset.MinValue) + (MinDelaysBetween * delay));
        _due.TryAdd(collection, soon > early ? soon : early);
    }

    /// <summary>One whose time has come; null when there is none.</summary>
    public CollectionName? TakeDue()
    {
        if (DueAt > clock.GetUtcNow()) return null;

        var first = _due.MinBy(static due => due.Value).Key;
        _due.Remove(first);
        return first;
    }
}
