using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>A chip on an I2C bus that this program drives itself: all its channels come of one measurement.</summary>
/// <param name="chip">The chip; it belongs to the board.</param>
/// <param name="wanted">The channels that are told, each one of the chip's.</param>
internal sealed class ChipProbe(IChip chip, IReadOnlyList<ChipChannel> wanted) : IProbe
{
    /// <inheritdoc/>
    public string Description => chip.Description;

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels { get; } = [.. wanted.Select(channel => new ProbeChannel(wanted.Count > 1 ? channel.Name : null, channel.Kind, channel.Unit))];

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        var sample = chip.Measure(at);
        return [.. wanted.Select(channel => sample.IsGood ? sample.Value[channel.Name] : Measurement.Failed(sample.Fault.Message))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The board closes it.
    }
}
