namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>The time of day, and whether it can be believed. A board without a battery starts in the past, until the network tells it the time.</summary>
internal sealed class BoardClock(IWallClock wall, TimeProvider clock)
{
    /// <summary>For so long an answer of the kernel holds: it is asked once for all sensors that are read together, and not once for each.</summary>
    private const long AskedAgainAfter = 500;

    private long _askedAt = long.MinValue;
    private bool _isSynchronised;

    /// <summary>The time source.</summary>
    public TimeProvider Time => clock;

    /// <summary>Which start of the machine this is.</summary>
    public string BootId => wall.BootId;

    /// <summary>Whether the time of day can be believed.</summary>
    public bool IsSynchronised
    {
        get
        {
            var now = Milliseconds;
            if (now < Interlocked.Read(ref _askedAt) + AskedAgainAfter) return Volatile.Read(ref _isSynchronised);

            // The answer before the time: who sees the time sees the answer that belongs to it, or a newer one.
            Volatile.Write(ref _isSynchronised, wall.IsSynchronised);
            Interlocked.Exchange(ref _askedAt, now);
            return Volatile.Read(ref _isSynchronised);
        }
    }

    /// <summary>Milliseconds of the clock that nobody sets.</summary>
    public long Milliseconds => clock.GetTimestamp() / (clock.TimestampFrequency / 1000);

    /// <summary>What a reading of this moment carries: null when the time of day can be believed.</summary>
    public MonotonicTime? MarkOf(DateTimeOffset at) =>
        IsSynchronised ? null : new MonotonicTime(Milliseconds - (long)(clock.GetUtcNow() - at).TotalMilliseconds, wall.BootId);
}
