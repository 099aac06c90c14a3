namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What is made of a GPIO line.</summary>
public enum GpioMode
{
    /// <summary>Each change is a reading, 1 for active and 0 for inactive, with the time at which the kernel saw it.</summary>
    Input,

    /// <summary>How many edges there were since the start, each interval.</summary>
    Counter,

    /// <summary>How many edges there were in a second, each interval.</summary>
    Frequency,

    /// <summary>It is driven by commands.</summary>
    Output,
}
