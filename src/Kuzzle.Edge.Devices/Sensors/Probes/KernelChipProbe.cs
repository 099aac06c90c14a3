using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>A chip whose driver the kernel has, but which the kernel must be told of: bound before the first measurement, and anew when it has gone.</summary>
/// <param name="binder">Tells the kernel.</param>
/// <param name="chip">The chip's name.</param>
/// <param name="bus">The bus's number.</param>
/// <param name="address">Its address there.</param>
/// <param name="channels">The channels as the sources take them, with the names that readings carry.</param>
/// <param name="sourceOf">The source of a channel, of the device with this name or folder in that subsystem.</param>
/// <param name="subsystem">Where its values are expected.</param>
internal sealed class KernelChipProbe(
    IChipBinder binder,
    string chip,
    int bus,
    int address,
    IReadOnlyList<(string? Name, string Channel)> channels,
    Func<KernelSubsystem, string, string, ISensorSource> sourceOf,
    KernelSubsystem subsystem) : IProbe
{
    private ISensorSource[] _sources = [.. channels.Select(channel => sourceOf(subsystem, chip, channel.Channel))];
    private bool _isBound;

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant($"{chip} at 0x{address:x2} of i2c-{bus}");

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels => [.. channels.Zip(_sources, (channel, source) => new ProbeChannel(channel.Name, source.Kind, source.Unit))];

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        if (!_isBound)
        {
            var bound = binder.Bind(chip, bus, address);
            if (!bound.IsGood) return [.. channels.Select(_ => Measurement.Failed(bound.Fault.Message))];

            // By its folder: two chips of one kind have one name.
            _sources = [.. channels.Select(channel => sourceOf(bound.Value.Subsystem, bound.Value.Node, channel.Channel))];
            _isBound = true;
        }

        Measurement[] measured = [.. _sources.Select(source => source.Measure(at))];
        if (Array.TrueForAll(measured, one => !one.IsGood)) _isBound = false;
        return measured;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The chip stays with the kernel: binding it again at the next start would cost seconds, and what else reads it would lose it.
    }
}
