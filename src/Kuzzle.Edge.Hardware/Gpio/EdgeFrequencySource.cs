using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>
/// How often an input changes in a second, by the kernel's own timestamps: edges between two measurements, divided by the time between the last edges of both. So a slow signal
/// is as exact as a fast one. When no edge comes the value falls with the time since the last one, and reaches zero after <paramref name="silence"/>.
/// </summary>
/// <param name="input">The line, opened with the edges that count and the monotonic clock; it stays its owner's to dispose of.</param>
/// <param name="clock">Its timestamps must be CLOCK_MONOTONIC, as those of <see cref="TimeProvider.System"/> are on Linux.</param>
/// <param name="edgesPerCycle">How many edges make one cycle: 1 when one kind of edge is reported, 2 for both; more for a disk with several slots. At least 1.</param>
/// <param name="silence">After how long without an edge the value is zero; more than zero.</param>
public sealed class EdgeFrequencySource(IGpioInput input, TimeProvider clock, int edgesPerCycle, TimeSpan silence) : ISensorSource
{
    private EdgeCount _last;
    private double _hertz;

    /// <inheritdoc/>
    public string Description => $"GPIO {input.Line}, frequency";

    /// <inheritdoc/>
    public string Kind => "frequency";

    /// <inheritdoc/>
    public string Unit => "Hz";

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        if (input.Edges.Completion.IsCompleted) return Measurement.Failed($"The {input.Line} reports no edges any more.");

        var count = input.Count;
        var before = _last;
        _last = count;
        var nanoseconds = count.LastTimestampNanoseconds - before.LastTimestampNanoseconds;
        if (count.Total > before.Total && before.Total > 0 && nanoseconds > 0)
        {
            _hertz = (count.Total - before.Total) * 1e9 / nanoseconds / edgesPerCycle;
        }
        else if (count.Total == before.Total && count.Total > 0)
        {
            var quiet = clock.GetTimestamp() * (1e9 / clock.TimestampFrequency) - count.LastTimestampNanoseconds;
            _hertz = quiet >= silence.TotalNanoseconds ? 0 : Math.Min(_hertz, 1e9 / Math.Max(quiet, 1) / edgesPerCycle);
        }

        return Measurement.Of(_hertz);
    }
}
