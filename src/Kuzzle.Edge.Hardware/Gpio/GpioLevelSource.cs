using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>Whether an input is active: 1, or 0.</summary>
/// <param name="input">The line; it stays its owner's to dispose of.</param>
public sealed class GpioLevelSource(IGpioInput input) : ISensorSource
{
    /// <inheritdoc/>
    public string Description => $"GPIO {input.Line}";

    /// <inheritdoc/>
    public string Kind => "state";

    /// <inheritdoc/>
    public string Unit => "";

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        var level = input.Read();
        return level.IsGood ? Measurement.Of(level.Value ? 1 : 0) : Measurement.Failed(level.Fault.Message);
    }
}
