namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>The time of day, and whether it can be believed. A board without a battery starts in the past, until the network tells it the time.</summary>
internal sealed class BoardClock(IWallClock wall, TimeProvider clock)
{
    /// <summary>The time source.</summary>
    public TimeProvider Time => clock;

    /// <summary>Which start of the machine this is.</summary>
    public string BootId => wall.BootId;

    /// <summary>Whether the time of day can be believed.</summary>
    public bool IsSynchronised => wall.IsSynchronised;

    /// <summary>Milliseconds of the clock that nobody sets.</summary>
    public long Milliseconds => clock.GetTimestamp() / (clock.TimestampFrequency / 1000);

    /// <summary>What a reading of this moment carries: null when the time of day can be believed.</summary>
    public MonotonicTime? MarkOf(DateTimeOffset at) =>
        wall.IsSynchronised ? null : new MonotonicTime(Milliseconds - (long)(clock.GetUtcNow() - at).TotalMilliseconds, wall.BootId);
}
