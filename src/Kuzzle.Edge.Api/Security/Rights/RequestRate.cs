namespace Kuzzle.Edge.Api.Security.Rights;

/// <summary>How many requests each user has made within this second. Safe from any thread.</summary>
internal sealed class RequestRate(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _second;

    /// <summary>Counts one more, unless there were as many as allowed.</summary>
    /// <param name="limit">0: any number.</param>
    public bool TryCount(string key, int limit)
    {
        if (limit == 0) return true;

        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            if (second != _second)
            {
                _counts.Clear();
                _second = second;
            }

            var count = _counts.GetValueOrDefault(key);
            if (count >= limit) return false;

            _counts[key] = count + 1;
            return true;
        }
    }
}
