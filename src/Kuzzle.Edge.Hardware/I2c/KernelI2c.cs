using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>The kernel's adapters: their names from sysfs, their transfers through i2c-dev (<c>/dev/i2c-*</c>).</summary>
internal sealed class KernelI2c(IKernel kernel, BoardPaths paths, I2cOptions options) : II2c, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, KernelI2cBus> _buses = [];
    private bool _isDisposed;

    public IReadOnlyList<I2cAdapter> ListAdapters()
    {
        var adapters = new List<I2cAdapter>();
        foreach (var folder in SysfsFile.Devices(DevicesFolder))
        {
            if (NumberOf(Path.GetFileName(folder)) is { } number) adapters.Add(new I2cAdapter(number, SysfsFile.TryReadText(Path.Combine(folder, "name")) ?? ""));
        }

        return adapters;
    }

    public Outcome<II2cBus> Open(int number)
    {
        lock (_gate)
        {
            if (_isDisposed) return new HardwareFault(HardwareFaultKind.Closed, "The I2C buses have been closed.");
            if (_buses.TryGetValue(number, out var open)) return Outcome<II2cBus>.Of(open);
            if (FaultOf(number) is { } fault) return fault;

            var bus = new KernelI2cBus(kernel, number, Path.Combine(paths.Devices, $"i2c-{number}"), DevicesFolder, options);
            _buses.Add(number, bus);
            return Outcome<II2cBus>.Of(bus);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var bus in _buses.Values) bus.Dispose();
            _buses.Clear();
        }
    }

    private string DevicesFolder => Path.Combine(paths.Sysfs, "bus", "i2c", "devices");

    private static int? NumberOf(string name) =>
        name.StartsWith("i2c-", StringComparison.Ordinal) && int.TryParse(name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private HardwareFault? FaultOf(int number)
    {
        if (File.Exists(Path.Combine(paths.Devices, $"i2c-{number}"))) return null;

        var adapters = ListAdapters();
        return new HardwareFault(
            HardwareFaultKind.NotFound,
            adapters.Any(adapter => adapter.Number == number)
                ? $"There is a bus i2c-{number}, but no {paths.Devices}/i2c-{number}: the module i2c-dev is not loaded."
                : $"There is no bus i2c-{number}; {(adapters.Count == 0 ? "there is none at all: is I2C switched on in the board's configuration?" : $"there are {string.Join(", ", adapters.Select(adapter => adapter.Number))}.")}");
    }
}
