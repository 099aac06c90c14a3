using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>The collections whose indexes could not be built, each with the time when it is tried again: later and later, for a full disk stays full for a while.</summary>
/// <param name="retry">Tries again; called on a timer's thread.</param>
/// <param name="clock">The time.</param>
internal sealed class FailedBuilds(Action<CollectionName> retry, TimeProvider clock)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    /// <summary>Longer would let a disk that was cleaned go without its indexes for no reason.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<CollectionName, Entry> _entries = [];
    private bool _isStopped;

    /// <summary>Why the indexes of a collection are not being built, and when they will be; null when nothing is known against them.</summary>
    public IndexFailure? Find(CollectionName name)
    {
        lock (_lock) return _entries.GetValueOrDefault(name)?.Failure;
    }

    /// <summary>It has failed (again). Answers when it is tried again.</summary>
    public DateTimeOffset Add(CollectionName name, string reason)
    {
        lock (_lock)
        {
            var wait = _entries.Remove(name, out var before) ? TimeSpan.FromTicks(Math.Min(before.Wait.Ticks * 2, LongestWait.Ticks)) : FirstWait;
            before?.Timer?.Dispose();
            var retryAt = clock.GetUtcNow() + wait;
            var timer = _isStopped ? null : clock.CreateTimer(_ => retry(name), state: null, wait, Timeout.InfiniteTimeSpan);
            _entries.Add(name, new Entry(new IndexFailure(reason, retryAt), wait, timer));
            return retryAt;
        }
    }

    /// <summary>It has not failed.</summary>
    public void Remove(CollectionName name)
    {
        lock (_lock)
        {
            if (_entries.Remove(name, out var entry)) entry.Timer?.Dispose();
        }
    }

    /// <summary>Nothing is tried again.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            foreach (var entry in _entries.Values) entry.Timer?.Dispose();
        }
    }

    private sealed record Entry(IndexFailure Failure, TimeSpan Wait, ITimer? Timer);
}
