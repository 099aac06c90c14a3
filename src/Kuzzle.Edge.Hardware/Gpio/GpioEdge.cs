namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>A change of an input, as the kernel saw it in its interrupt.</summary>
/// <param name="Kind"><see cref="GpioEdges.Rising"/> when the line became active, <see cref="GpioEdges.Falling"/> when it ceased to be; active-low is taken into account.</param>
/// <param name="TimestampNanoseconds">When, in nanoseconds of <paramref name="Clock"/>.</param>
/// <param name="Clock">Which clock that was.</param>
/// <param name="Sequence">The number of this edge on its line since it was opened, from 1. A gap tells how many the kernel had no room for.</param>
public readonly record struct GpioEdge(GpioEdges Kind, long TimestampNanoseconds, GpioEventClock Clock, long Sequence)
{
    /// <summary>The moment by the clock of this process.</summary>
    /// <param name="clock">Its timestamps must be CLOCK_MONOTONIC, as those of <see cref="TimeProvider.System"/> are on Linux.</param>
    public DateTimeOffset At(TimeProvider clock)
    {
        if (Clock == GpioEventClock.Realtime) return DateTimeOffset.UnixEpoch.AddTicks(TimestampNanoseconds / TimeSpan.NanosecondsPerTick);

        var then = (long)(TimestampNanoseconds * (clock.TimestampFrequency / 1e9));
        return clock.GetUtcNow() - clock.GetElapsedTime(then);
    }
}
