using System.Buffers;
using System.Collections.Frozen;
using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>
/// A channel of the kernel's Industrial I/O (<c>/sys/bus/iio/devices</c>), found by the device's name. Either the driver has computed the value
/// (<c>in_*_input</c>), or it is (raw + offset) × scale; units after scaling are those of the kernel's ABI document sysfs-bus-iio.
/// </summary>
public sealed class IioSource : ISensorSource
{
    private static readonly FrozenDictionary<string, Quantity> Quantities = new Dictionary<string, Quantity>(StringComparer.Ordinal)
    {
        ["temp"] = new("temperature", "°C", 1e-3),
        ["humidityrelative"] = new("humidity", "%", 1e-3),
        ["pressure"] = new("pressure", "hPa", 10), // The kernel counts in kPa.
        ["illuminance"] = new("illuminance", "lx", 1),
        ["voltage"] = new("voltage", "V", 1e-3),
        ["current"] = new("current", "A", 1e-3),
        ["power"] = new("power", "W", 1e-3),
        ["resistance"] = new("resistance", "Ω", 1),
        ["distance"] = new("distance", "m", 1),
        ["proximity"] = new("proximity", "", 1),
        ["accel"] = new("acceleration", "m/s²", 1),
        ["anglvel"] = new("rotation", "rad/s", 1),
        ["magn"] = new("magnetic field", "G", 1),
        ["concentration"] = new("concentration", "%", 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly SearchValues<char> EndOfType = SearchValues.Create("0123456789_");

    private readonly string _busDirectory;
    private readonly string? _device;
    private readonly string _channel;
    private readonly Quantity _quantity;
    private string? _prefix;

    /// <summary>A channel of a device.</summary>
    /// <param name="device">The device's name as its file <c>name</c> tells it (<c>bme280</c>); null takes the first that has the channel.</param>
    /// <param name="channel">The channel without <c>in_</c>, such as <c>temp</c>, <c>voltage0</c> or <c>accel_x</c>.</param>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    public IioSource(string? device, string channel, string sysfs = "/sys")
    {
        _busDirectory = Path.Combine(sysfs, "bus", "iio", "devices");
        _device = device;
        _channel = channel.StartsWith("in_", StringComparison.Ordinal) ? channel[3..] : channel;
        _quantity = Quantities.GetValueOrDefault(TypeOf(_channel)) ?? new Quantity(TypeOf(_channel), "", 1);
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

    private static string TypeOf(string channel)
    {
        var end = channel.AsSpan().IndexOfAny(EndOfType);
        return end < 0 ? channel : channel[..end];
    }

    private string? Find()
    {
        foreach (var device in SysfsFile.Devices(_busDirectory))
        {
            if (_device is not null && SysfsFile.TryReadText(Path.Combine(device, "name")) != _device) continue;

            var prefix = Path.Combine(device, $"in_{_channel}");
            if (File.Exists($"{prefix}_input") || File.Exists($"{prefix}_raw")) return prefix;
        }

        return null;
    }

    private Measurement MeasureAt(string prefix)
    {
        if (File.Exists($"{prefix}_input")) return SysfsFile.ReadNumber($"{prefix}_input");

        var raw = SysfsFile.ReadNumber($"{prefix}_raw");
        if (!raw.IsGood) return raw;

        var scale = ReadShared(prefix, "scale", otherwise: 1);
        if (!scale.IsGood) return scale;

        var offset = ReadShared(prefix, "offset", otherwise: 0);
        return offset.IsGood ? Measurement.Of((raw.Value + offset.Value) * scale.Value) : offset;
    }

    /// <summary>A channel's own attribute, else that of all channels of its type, else none.</summary>
    private Measurement ReadShared(string prefix, string attribute, double otherwise)
    {
        var own = $"{prefix}_{attribute}";
        if (File.Exists(own)) return SysfsFile.ReadNumber(own);

        var shared = Path.Combine(Path.GetDirectoryName(prefix)!, $"in_{TypeOf(_channel)}_{attribute}");
        return File.Exists(shared) ? SysfsFile.ReadNumber(shared) : Measurement.Of(otherwise);
    }
}
