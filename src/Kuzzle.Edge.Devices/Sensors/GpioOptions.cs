using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What is asked of a GPIO line.</summary>
public sealed record GpioOptions
{
    /// <summary>Which line.</summary>
    public required GpioLineId Line { get; init; }

    /// <summary>What is made of it.</summary>
    public GpioMode Mode { get; init; }

    /// <summary>The resistor inside the chip.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>How an output drives the line.</summary>
    public GpioDrive Drive { get; init; }

    /// <summary>Which changes of an input count.</summary>
    public GpioEdges Edges { get; init; } = GpioEdges.Both;

    /// <summary>How long an input must rest before a change counts; 0 for at once.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>True when low means active.</summary>
    public bool IsActiveLow { get; init; }

    /// <summary>The state of an output from the start and when the service stops.</summary>
    public bool Safe { get; init; }
}
