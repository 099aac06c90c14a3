using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>A chip on an I2C bus that this program drives itself: all its channels come of one measurement.</summary>
/// <param name="description">What it is and where, before it was opened.</param>
/// <param name="open">Opens the chip, which belongs to the board; tried again when it fails, for its bus may come later.</param>
/// <param name="wanted">The channels that are told, each one of the chip's.</param>
internal sealed class ChipProbe(string description, Func<Outcome<IChip>> open, IReadOnlyList<ChipChannel> wanted) : IProbe
{
    private IChip? _chip;

    /// <inheritdoc/>
    public string Description => _chip?.Description ?? description;

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels { get; } = [.. wanted.Select(channel => new ProbeChannel(wanted.Count > 1 ? channel.Name : null, channel.Kind, channel.Unit))];

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        if (_chip is null)
        {
            var opened = open();
            if (!opened.IsGood) return [.. wanted.Select(_ => Measurement.Failed(opened.Fault.Message))];
            _chip = opened.Value;
        }

        var sample = _chip.Measure(at);
        return [.. wanted.Select(channel => sample.IsGood ? sample.Value[channel.Name] : Measurement.Failed(sample.Fault.Message))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The board closes it.
    }
}
