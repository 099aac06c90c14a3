namespace Kuzzle.Edge.Hardware.Gpio.Expanders;

/// <summary>A line of an expander that somebody has taken; the same object for as long as it is taken.</summary>
internal sealed class ExpanderLine(Mcp23017 chip, int offset, GpioLineInfo info, bool isActiveLow, bool? safeValue)
{
    public Mcp23017 Chip => chip;

    public int Offset => offset;

    public GpioLineInfo Info => info;

    public bool IsActiveLow => isActiveLow;

    public bool? SafeValue => safeValue;
}
