using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Hwmon;

/// <summary>
/// One input of the kernel's hardware monitoring (<c>/sys/class/hwmon</c>). Found by the chip's name, for the numbers of hwmon folders change from boot to boot;
/// units are those of the kernel's ABI document sysfs-class-hwmon.
/// </summary>
public sealed class HwmonSource : ISensorSource
{
    private readonly string _classDirectory;
    private readonly string? _chip;
    private readonly string? _channel;
    private readonly Quantity _quantity;
    private string? _input;

    /// <summary>An input of a chip.</summary>
    /// <param name="chip">The chip's name as its file <c>name</c> tells it (<c>lm75</c>, <c>cpu_thermal</c>), or its folder (<c>hwmon0</c>); null takes the first chip that has the channel.</param>
    /// <param name="channel">The input, such as <c>temp1</c>, or its label; null takes the first temperature.</param>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    public HwmonSource(string? chip, string? channel, string sysfs = "/sys")
    {
        _classDirectory = Path.Combine(sysfs, "class", "hwmon");
        _chip = chip;
        _channel = channel;
        _quantity = HwmonQuantities.Find(channel ?? "temp1") ?? HwmonQuantities.Temperature;
    }

    /// <inheritdoc/>
    public string Description => $"hwmon {_chip ?? "any chip"} {_channel ?? "first temperature"}{(_input is null ? "" : $" ({_input})")}";

    /// <inheritdoc/>
    public string Kind => _quantity.Kind;

    /// <inheritdoc/>
    public string Unit => _quantity.Unit;

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        _input ??= Find();
        if (_input is null) return Measurement.Failed($"There is no {Description} under {_classDirectory}.");

        var raw = SysfsFile.ReadNumber(_input);
        if (!raw.IsGood)
        {
            _input = null; // Perhaps it is back under another number next time.
            return raw;
        }

        return Measurement.Of(raw.Value * _quantity.Scale);
    }

    private string? Find()
    {
        foreach (var device in SysfsFile.Devices(_classDirectory))
        {
            if (_chip is not null && Path.GetFileName(device) != _chip && SysfsFile.TryReadText(Path.Combine(device, "name")) != _chip) continue;
            if (FindInput(device) is { } input) return input;
        }

        return null;
    }

    private string? FindInput(string device)
    {
        var channel = _channel ?? "temp1";
        var direct = Path.Combine(device, $"{channel}_input");
        if (File.Exists(direct)) return direct;
        if (_channel is null || HwmonQuantities.Find(_channel) is not null) return null;

        // A label instead of a channel: find the file that says it, and read the input beside it.
        foreach (var label in Directory.EnumerateFiles(device, "temp*_label").Order(StringComparer.Ordinal))
        {
            if (SysfsFile.TryReadText(label) == _channel) return $"{label[..^"label".Length]}input";
        }

        return null;
    }
}
