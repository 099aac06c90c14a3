namespace Kuzzle.Edge.Hardware.Gpio.Expanders;

/// <summary>An output of an expander.</summary>
internal sealed class ExpanderOutput(ExpanderLine line) : IGpioOutput
{
    public GpioLineInfo Line => line.Info;

    public Outcome<bool> Read() => line.Chip.Read(line);

    public HardwareFault? Write(bool active) => line.Chip.Write(line, active);

    public void Dispose() => line.Chip.Release(line);
}
