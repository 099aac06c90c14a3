using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>One channel of a chip as a sensor.</summary>
public sealed class ChipSource : ISensorSource
{
    private readonly IChip _chip;
    private readonly ChipChannel _channel;

    /// <summary>A channel of a chip; several may share the chip.</summary>
    /// <exception cref="ArgumentException">The chip has no such channel; the message lists those it has.</exception>
    public ChipSource(IChip chip, string channel)
    {
        _chip = chip;
        _channel = chip.Channels.FirstOrDefault(known => known.Name == channel)
            ?? throw new ArgumentException(
                $"{chip.Description} has no channel '{channel}'; it has {string.Join(", ", chip.Channels.Select(known => known.Name))}.", nameof(channel));
    }

    /// <inheritdoc/>
    public string Description => $"{_chip.Description} {_channel.Name}";

    /// <inheritdoc/>
    public string Kind => _channel.Kind;

    /// <inheritdoc/>
    public string Unit => _channel.Unit;

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        var sample = _chip.Measure(at);
        return sample.IsGood ? sample.Value[_channel.Name] : Measurement.Failed(sample.Fault.Message);
    }
}
