namespace Kuzzle.Edge.Listeners;

/// <summary>
/// Lets so many through in a second, and as many at once after a pause: a token bucket. Used by one thread at a time.
/// </summary>
/// <param name="perSecond">How many; at least 1.</param>
/// <param name="clock">Tells how much time has gone.</param>
internal sealed class ConnectionRate(int perSecond, TimeProvider clock)
{
    private double _tokens = perSecond;
    private long _filledAt = clock.GetTimestamp();

    /// <summary>Takes one place, and says how long to wait before using it: mostly not at all.</summary>
    public TimeSpan Take()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(perSecond, _tokens + (clock.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond)) - 1;
        _filledAt = now;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / perSecond);
    }
}
