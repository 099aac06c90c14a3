namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>Which changes of an input are reported.</summary>
[Flags]
public enum GpioEdges
{
    /// <summary>None: the line is only read.</summary>
    None = 0,

    /// <summary>From inactive to active.</summary>
    Rising = 1,

    /// <summary>From active to inactive.</summary>
    Falling = 2,

    /// <summary>Both.</summary>
    Both = Rising | Falling,
}
