namespace Kuzzle.Edge.Sync.Pacing;

/// <summary>
/// How much may be sent in a second, on average: a bucket that fills by the rate, up to a second's worth. A request is sent when there is anything in it, however large the request is,
/// and what it takes too much is waited for afterwards; so one that is larger than a second's worth gets through. Thread-safe.
/// </summary>
/// <param name="bytesPerSecond">The rate; null for none.</param>
/// <param name="clock">Tells how much time has passed.</param>
internal sealed class Pace(long? bytesPerSecond, TimeProvider clock)
{
    /// <summary>A request should not take the line for longer than this, so that an alarm gets through between two.</summary>
    private const int RequestSeconds = 2;

    private readonly Lock _lock = new();
    private double _balance = bytesPerSecond ?? 0;
    private long _filledAt = clock.GetTimestamp();

    /// <summary>How large a request should be at the most.</summary>
    public long MaxRequestBytes => bytesPerSecond is { } rate ? Math.Max(1024, rate * RequestSeconds) : long.MaxValue;

    /// <summary>How long nothing may be sent; zero when it may be now.</summary>
    public TimeSpan Wait
    {
        get
        {
            if (bytesPerSecond is not { } rate) return TimeSpan.Zero;

            lock (_lock)
            {
                var now = clock.GetTimestamp();
                _balance = Math.Min(rate, _balance + (clock.GetElapsedTime(_filledAt, now).TotalSeconds * rate));
                _filledAt = now;
                return _balance > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _balance) / rate);
            }
        }
    }

    /// <summary>So much was sent.</summary>
    public void Spend(long bytes)
    {
        lock (_lock) _balance -= bytesPerSecond is null ? 0 : bytes;
    }
}
