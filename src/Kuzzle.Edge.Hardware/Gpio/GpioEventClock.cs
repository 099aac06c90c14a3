namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>The clock by which the kernel stamps edges.</summary>
public enum GpioEventClock
{
    /// <summary>CLOCK_MONOTONIC, the clock of <see cref="TimeProvider.GetTimestamp"/>: never set, so differences are true.</summary>
    Monotonic,

    /// <summary>CLOCK_REALTIME: nanoseconds since 1970, as right as the system's clock was at that moment.</summary>
    Realtime,
}
