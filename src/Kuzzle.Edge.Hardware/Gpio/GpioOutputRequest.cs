namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>An output as it is wanted.</summary>
public sealed record GpioOutputRequest
{
    /// <summary>Which line.</summary>
    public required GpioLineId Line { get; init; }

    /// <summary>How it is driven.</summary>
    public GpioDrive Drive { get; init; }

    /// <summary>The resistor inside the chip.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>True when active means low.</summary>
    public bool IsActiveLow { get; init; }

    /// <summary>Whether it is active from the moment it becomes an output; there is no other level in between.</summary>
    public bool InitialValue { get; init; }

    /// <summary>What it is set to when it is closed; null leaves it as it is. A process that is killed sets nothing: for that case choose the resistor on the board.</summary>
    public bool? SafeValue { get; init; } = false;

    /// <summary>Who holds the line, as others see it in <c>gpioinfo</c>. The kernel keeps 31 bytes.</summary>
    public string Consumer { get; init; } = "kuzzle-edge";
}
