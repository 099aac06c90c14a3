namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>How an output drives its line.</summary>
public enum GpioDrive
{
    /// <summary>Both levels.</summary>
    PushPull,

    /// <summary>Only low; high is left to a resistor.</summary>
    OpenDrain,

    /// <summary>Only high; low is left to a resistor.</summary>
    OpenSource,
}
