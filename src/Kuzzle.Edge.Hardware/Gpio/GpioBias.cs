namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>The resistor inside the chip.</summary>
public enum GpioBias
{
    /// <summary>Whatever it was.</summary>
    AsIs,

    /// <summary>None.</summary>
    Disabled,

    /// <summary>To the supply.</summary>
    PullUp,

    /// <summary>To ground.</summary>
    PullDown,
}
