namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>How much more may fail under each key: so many at once, and one more each interval. Keys that nothing has are counted alike. Safe from any thread.</summary>
/// <param name="burst">How many at once.</param>
/// <param name="interval">The time for one more.</param>
/// <param name="clock">Tells how much time has passed.</param>
public sealed class FailureAllowance(int burst, TimeSpan interval, TimeProvider clock)
{
    /// <summary>More keys than this are a list of guesses: then all are forgotten, and a guesser has won a burst for each.</summary>
    private const int MostKeys = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Failures, long At)> _keys = new(StringComparer.Ordinal);

    /// <summary>Whether one more may fail.</summary>
    public bool Allows(string key)
    {
        lock (_lock) return FailuresOf(key) <= burst - 1;
    }

    /// <summary>Counts a failure before it happens, so that those who come at once are counted, too; false when no more is allowed.</summary>
    public bool TryTake(string key)
    {
        lock (_lock)
        {
            var failures = FailuresOf(key);
            if (failures > burst - 1) return false;

            if (_keys.Count >= MostKeys && !_keys.ContainsKey(key)) _keys.Clear();
            _keys[key] = (failures + 1, clock.GetTimestamp());
            return true;
        }
    }

    /// <summary>It did not fail.</summary>
    public void GiveBack(string key)
    {
        lock (_lock)
        {
            var failures = FailuresOf(key) - 1;
            if (failures > 0) _keys[key] = (failures, clock.GetTimestamp());
            else _keys.Remove(key);
        }
    }

    /// <summary>All its failures are forgiven.</summary>
    public void Forget(string key)
    {
        lock (_lock) _keys.Remove(key);
    }

    private double FailuresOf(string key) => _keys.TryGetValue(key, out var entry) ? Math.Max(0, entry.Failures - (clock.GetElapsedTime(entry.At) / interval)) : 0;
}
