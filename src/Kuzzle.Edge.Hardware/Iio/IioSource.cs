using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>
/// A channel of the kernel's Industrial I/O (<c>/sys/bus/iio/devices</c>), found by the device's name. Either the driver has computed the value
/// (<c>in_*_input</c>), or it is (raw + offset) × scale; units after scaling are those of the kernel's ABI document sysfs-bus-iio.
/// </summary>
public sealed class IioSource : ISensorSource
{
    private readonly string _busDirectory;
    private readonly string? _device;
    private readonly string _channel;
    private readonly Quantity _quantity;
    private string? _prefix;

    /// <summary>A channel of a device.</summary>
    /// <param name="device">The device's name as its file <c>name</c> tells it (<c>bme280</c>), or its folder (<c>iio:device0</c>); null takes the first that has the channel.</param>
    /// <param name="channel">The channel without <c>in_</c>, such as <c>temp</c>, <c>voltage0</c> or <c>accel_x</c>.</param>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    public IioSource(string? device, string channel, string sysfs = "/sys")
    {
        _busDirectory = Path.Combine(sysfs, "bus", "iio", "devices");
        _device = device;
        _channel = channel.StartsWith("in_", StringComparison.Ordinal) ? channel[3..] : channel;
        _quantity = IioQuantities.Of(_channel);
    }

    /// <inheritdoc/>
    public string Description => $"IIO {_device ?? "any device"} {_channel}{(_prefix is null ? "" : $" ({_prefix})")}";

    /// <inheritdoc/>
    public string Kind => _quantity.Kind;

    /// <inheritdoc/>
    public string Unit => _quantity.Unit;

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        _prefix ??= Find();
        if (_prefix is null) return Measurement.Failed($"There is no {Description} under {_busDirectory}.");

        var measured = MeasureAt(_prefix);
        if (!measured.IsGood) _prefix = null; // Perhaps it is back under another number next time.
        return measured.IsGood ? Measurement.Of(measured.Value * _quantity.Scale) : measured;
    }

    private string? Find()
    {
        foreach (var device in SysfsFile.Devices(_busDirectory))
        {
            if (_device is not null && Path.GetFileName(device) != _device && SysfsFile.TryReadText(Path.Combine(device, "name")) != _device) continue;

            var prefix = Path.Combine(device, $"in_{_channel}");
            if (File.Exists($"{prefix}_input") || File.Exists($"{prefix}_raw")) return prefix;
        }

        return null;
    }

    private static Measurement MeasureAt(string prefix)
    {
        if (File.Exists($"{prefix}_input")) return SysfsFile.ReadNumber($"{prefix}_input");

        var raw = SysfsFile.ReadNumber($"{prefix}_raw");
        if (!raw.IsGood) return raw;

        var scale = IioAttributes.Read(prefix, "scale", otherwise: 1);
        if (!scale.IsGood) return scale;

        var offset = IioAttributes.Read(prefix, "offset", otherwise: 0);
        return offset.IsGood ? Measurement.Of((raw.Value + offset.Value) * scale.Value) : offset;
    }
}
