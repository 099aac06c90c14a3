using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>How often an input has changed since it was opened, times a factor: pulses of a meter, turns of a wheel. Exact even when edges came faster than they were read.</summary>
/// <param name="input">The line, opened with the edges that count; it stays its owner's to dispose of.</param>
/// <param name="perEdge">What one edge is worth in the unit: 0.001 for a meter with 1000 pulses for a kWh.</param>
/// <param name="unit">The unit; empty for bare edges.</param>
public sealed class EdgeCounterSource(IGpioInput input, double perEdge = 1, string unit = "") : ISensorSource
{
    /// <inheritdoc/>
    public string Description => $"GPIO {input.Line}, counted";

    /// <inheritdoc/>
    public string Kind => "count";

    /// <inheritdoc/>
    public string Unit => unit;

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at) =>
        input.Edges.Completion.IsCompleted ? Measurement.Failed($"The {input.Line} reports no edges any more.") : Measurement.Of(input.Count.Total * perEdge);
}
