using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Gpio.Expanders;
using Kuzzle.Edge.Hardware.Hwmon;
using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.OneWire;
using Kuzzle.Edge.Hardware.Pwm;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>Looks at sysfs, at the GPIO chips, and at each address of the I2C buses.</summary>
internal sealed class BoardScanner(BoardPaths paths, IGpio gpio, II2c i2c, IPwm pwm) : IBoardScanner
{
    /// <summary>After so many addresses that hang the bus itself is stuck, and each further one would only take its timeout.</summary>
    private const int MaxTimeouts = 2;

    public BoardScan Scan(ScanRequest request) => new(
        [.. i2c.ListAdapters().Select(adapter => ScanBus(adapter, request.I2cBuses is null || request.I2cBuses.Contains(adapter.Number)))],
        KernelDevices(Path.Combine(paths.Sysfs, "class", "hwmon"), "hwmon", HwmonChannels),
        KernelDevices(Path.Combine(paths.Sysfs, "bus", "iio", "devices"), "iio:device", IioChannels),
        [.. Folders(Path.Combine(paths.Sysfs, "class", "thermal"), "thermal_zone").Select(zone => new ThermalZoneFinding(Path.GetFileName(zone), Text(zone, "type")))],
        gpio.ListChips(),
        [.. OneWireDevices.Folders(paths.Sysfs).Select(folder => Path.GetFileName(folder)).Select(OneWire)],
        pwm.ListChips());

    private static OneWireFinding OneWire(string id)
    {
        var family = OneWireDevices.FamilyOf(id)!.Value;
        return new OneWireFinding(id, OneWireDevices.NameOf(family), OneWireDevices.IsThermometer(family));
    }

    private static IEnumerable<string> Folders(string folder, string prefix) =>
        SysfsFile.Devices(folder).Where(device => Path.GetFileName(device).StartsWith(prefix, StringComparison.Ordinal));

    private static string Text(string folder, string file) => SysfsFile.TryReadText(Path.Combine(folder, file)) ?? "";

    private static List<KernelDeviceFinding> KernelDevices(string folder, string prefix, Func<string, IEnumerable<KernelChannelFinding>> channels) =>
    [
        .. Folders(folder, prefix).Select(device => new KernelDeviceFinding(
            Path.GetFileName(device), Text(device, "name"), [.. channels(device).OrderBy(channel => channel.Channel, StringComparer.Ordinal)])),
    ];

    private static IEnumerable<KernelChannelFinding> HwmonChannels(string device)
    {
        foreach (var file in Directory.EnumerateFiles(device, "*_input"))
        {
            var channel = Path.GetFileName(file)[..^"_input".Length];
            if (HwmonQuantities.Find(channel) is { } quantity)
            {
                yield return new KernelChannelFinding(channel, SysfsFile.TryReadText(Path.Combine(device, $"{channel}_label")), quantity.Kind, quantity.Unit);
            }
        }
    }

    private static IEnumerable<KernelChannelFinding> IioChannels(string device)
    {
        var inputs = Directory.EnumerateFiles(device, "in_*_input").Select(file => Path.GetFileName(file)["in_".Length..^"_input".Length]);
        var raws = Directory.EnumerateFiles(device, "in_*_raw").Select(file => Path.GetFileName(file)["in_".Length..^"_raw".Length]);
        foreach (var channel in inputs.Union(raws, StringComparer.Ordinal))
        {
            // Statistics of a channel, not channels.
            if (channel.EndsWith("_mean", StringComparison.Ordinal) || channel.EndsWith("_peak", StringComparison.Ordinal)) continue;

            var quantity = IioQuantities.Of(channel);
            yield return new KernelChannelFinding(channel, SysfsFile.TryReadText(Path.Combine(device, $"in_{channel}_label")), quantity.Kind, quantity.Unit);
        }
    }

    private static List<string> LikelyChips(int address)
    {
        var ours = ReadyChips.All.Where(chip => chip.Addresses.Contains(address)).Select(chip => chip.Name);
        var kernels = KnownChips.All.Where(chip => chip.Addresses.Contains(address)).Select(chip => chip.Name);
        string[] expanders = address is >= Mcp23017.LowestAddress and <= Mcp23017.HighestAddress ? ["mcp23017"] : [];
        return [.. ours.Concat(kernels).Concat(expanders).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private I2cBusFinding ScanBus(I2cAdapter adapter, bool isProbed)
    {
        if (!isProbed) return new I2cBusFinding(adapter.Number, adapter.Name, [], Fault: null);

        var bus = i2c.Open(adapter.Number);
        if (!bus.IsGood) return new I2cBusFinding(adapter.Number, adapter.Name, [], bus.Fault);

        var chips = new List<I2cChipFinding>();
        var timeouts = 0;
        for (var address = KernelI2cBus.LowestAddress; address <= KernelI2cBus.HighestAddress; address++)
        {
            var fault = bus.Value.Probe(address);
            if (fault is null) chips.Add(new I2cChipFinding(address, Driver: null, DeviceName: null, LikelyChips(address)));
            else if (fault.Kind == HardwareFaultKind.Busy) chips.Add(Held(adapter.Number, address));
            else if (fault.Kind == HardwareFaultKind.TimedOut && ++timeouts < MaxTimeouts) continue;
            else if (fault.Kind is not (HardwareFaultKind.NoAnswer or HardwareFaultKind.Failed)) return new I2cBusFinding(adapter.Number, adapter.Name, chips, fault);
        }

        return new I2cBusFinding(adapter.Number, adapter.Name, chips, Fault: null);
    }

    private I2cChipFinding Held(int bus, int address)
    {
        var device = Path.Combine(paths.Sysfs, "bus", "i2c", "devices", $"{bus}-{address:x4}");
        var name = SysfsFile.TryReadText(Path.Combine(device, "name"));
        return new I2cChipFinding(address, SysfsFile.LinkName(Path.Combine(device, "driver")) ?? "", name, name is null ? LikelyChips(address) : [name]);
    }
}
