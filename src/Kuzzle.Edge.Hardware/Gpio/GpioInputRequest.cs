namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>An input as it is wanted.</summary>
public sealed record GpioInputRequest
{
    /// <summary>Which line.</summary>
    public required GpioLineId Line { get; init; }

    /// <summary>The resistor inside the chip.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>True when low means active.</summary>
    public bool IsActiveLow { get; init; }

    /// <summary>Which changes are reported.</summary>
    public GpioEdges Edges { get; init; }

    /// <summary>How long the line must rest before a change counts; zero for at once. In the kernel: whole microseconds, up to 4294 s.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>The clock of the edges' timestamps.</summary>
    public GpioEventClock Clock { get; init; }

    /// <summary>How many edges wait for a reader before the oldest is given up, and counted. 1 to 65 536.</summary>
    public int EdgeQueue
    {
        get;
        init => field = value is >= 1 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65536");
    } = 1024;

    /// <summary>Who holds the line, as others see it in <c>gpioinfo</c>. The kernel keeps 31 bytes.</summary>
    public string Consumer { get; init; } = "kuzzle-edge";
}
