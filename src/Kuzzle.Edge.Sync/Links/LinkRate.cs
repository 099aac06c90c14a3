namespace Kuzzle.Edge.Sync.Links;

/// <summary>How many things a second, over the last minute, or since the beginning if that is less. May be told and asked from any thread.</summary>
internal sealed class LinkRate(TimeProvider clock)
{
    private const int Seconds = 60;

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Seconds];
    private readonly long _began = clock.GetTimestamp();
    private long _second;

    public void Add(long count)
    {
        lock (_lock)
        {
            Turn();
            _counts[_second % Seconds] += count;
        }
    }

    /// <summary>The average for a second.</summary>
    public double PerSecond
    {
        get
        {
            lock (_lock)
            {
                Turn();
                var span = Math.Clamp(clock.GetElapsedTime(_began).TotalSeconds, 1, Seconds);
                return Math.Round(_counts.Sum() / span, 2);
            }
        }
    }

    /// <summary>Empties the seconds that have passed since somebody looked.</summary>
    private void Turn()
    {
        var now = (long)clock.GetElapsedTime(_began).TotalSeconds;
        for (var passed = Math.Min(now - _second, Seconds); passed > 0; passed--) _counts[(now - passed + 1) % Seconds] = 0;
        _second = now;
    }
}
