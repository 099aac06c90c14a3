using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>What stands for hardware that could not be had: it says why, whenever it is asked.</summary>
internal sealed class FaultyProbe(string description, string fault) : IProbe
{
    /// <inheritdoc/>
    public string Description => description;

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels { get; } = [new(Name: null, "value", "")];

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at) => [Measurement.Failed(fault)];

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing.
    }
}
