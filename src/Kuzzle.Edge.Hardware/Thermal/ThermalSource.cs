using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Thermal;

/// <summary>A thermal zone of the kernel (<c>/sys/class/thermal/thermal_zone*</c>), found by its type. Its file counts in thousandths of a degree.</summary>
/// <param name="zone">The zone's type (<c>cpu-thermal</c>, <c>x86_pkg_temp</c>) or folder name (<c>thermal_zone0</c>); null takes the first.</param>
/// <param name="sysfs">Where sysfs is mounted.</param>
public sealed class ThermalSource(string? zone, string sysfs = "/sys") : ISensorSource
{
    private readonly string _classDirectory = Path.Combine(sysfs, "class", "thermal");
    private string? _file;

    /// <inheritdoc/>
    public string Description => $"thermal zone {zone ?? "(the first)"}{(_file is null ? "" : $" ({_file})")}";

    /// <inheritdoc/>
    public string Kind => "temperature";

    /// <inheritdoc/>
    public string Unit => "°C";

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        _file ??= Find();
        if (_file is null) return Measurement.Failed($"There is no {Description} under {_classDirectory}.");

        var raw = SysfsFile.ReadNumber(_file);
        if (!raw.IsGood)
        {
            _file = null;
            return raw;
        }

        return Measurement.Of(raw.Value / 1000);
    }

    private string? Find()
    {
        foreach (var device in SysfsFile.Devices(_classDirectory))
        {
            var name = Path.GetFileName(device);
            if (!name.StartsWith("thermal_zone", StringComparison.Ordinal)) continue;
            if (zone is null || name == zone || SysfsFile.TryReadText(Path.Combine(device, "type")) == zone) return Path.Combine(device, "temp");
        }

        return null;
    }
}
