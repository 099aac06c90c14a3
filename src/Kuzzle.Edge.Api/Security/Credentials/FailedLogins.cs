namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>
/// How many logins may fail under one name, from however many connections; names that nobody has are counted alike.
/// </summary>
/// <param name="clock">Time for what may fail again.</param>
/// <param name="burst">How many at once.</param>
/// <param name="interval">The time for one more.</param>
public sealed class FailedLogins(TimeProvider clock, int burst, TimeSpan interval)
{

    /// <summary>More names than this are a list of guesses: then all are forgotten, and a guesser has won ten more for each.</summary>
    private const int MostNames = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Failures, long At)> _names = new(StringComparer.Ordinal);

    /// <summary>As for user names: ten at once and then one each five seconds, 17,000 guesses a day.</summary>
    /// <param name="clock">Time for what may fail again.</param>
    public FailedLogins(TimeProvider clock)
        : this(clock, burst: 10, TimeSpan.FromSeconds(5))
    {
    }

    /// <summary>Whether another attempt is allowed.</summary>
    public bool MayTry(string userName)
    {
        lock (_lock) return !_names.TryGetValue(userName, out var entry) || Remaining(entry) < burst;
    }

    /// <summary>An attempt has failed.</summary>
    public void Failed(string userName)
    {
        lock (_lock)
        {
            if (_names.Count >= MostNames) _names.Clear();
            var failures = _names.TryGetValue(userName, out var entry) ? Remaining(entry) : 0;
            _names[userName] = (failures + 1, clock.GetTimestamp());
        }
    }

    /// <summary>An attempt has succeeded: those before are forgotten.</summary>
    public void Succeeded(string userName)
    {
        lock (_lock) _names.Remove(userName);
    }

    private double Remaining((double Failures, long At) entry) => Math.Max(0, entry.Failures - (clock.GetElapsedTime(entry.At) / interval));
}
