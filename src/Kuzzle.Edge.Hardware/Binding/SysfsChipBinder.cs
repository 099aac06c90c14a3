using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>Tells the kernel of chips through <c>new_device</c> and <c>delete_device</c> of a bus, and looks whether it was true: <c>new_device</c> itself never says.</summary>
internal sealed class SysfsChipBinder(IKernel kernel, BoardPaths paths) : IChipBinder
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly KernelModules _modules = new(paths);
    private readonly Lock _gate = new();

    private string DevicesFolder => Path.Combine(paths.Sysfs, "bus", "i2c", "devices");

    public Outcome<BoundChip> Bind(string chip, int bus, int address)
    {
        if (chip.Length is 0 or > 19 || chip.AsSpan().ContainsAny(" \t\n")) return new HardwareFault(HardwareFaultKind.BadRequest, $"'{chip}' is no name of a chip.");
        if (address is < 0x08 or > 0x77) return new HardwareFault(HardwareFaultKind.BadRequest, $"{Hex(address)} is no address of a chip; those are 0x08 to 0x77.");

        lock (_gate)
        {
            var device = DeviceFolder(bus, address);
            if (!Directory.Exists(device)) return Create(chip, bus, address, device);

            var name = SysfsFile.TryReadText(Path.Combine(device, "name"));
            if (name != chip) return new HardwareFault(HardwareFaultKind.Busy, $"{Hex(address)} of i2c-{bus} is taken: the kernel has been told that it is '{name}', not '{chip}'.");

            return WaitForNode(chip, bus, address, device, wasThere: true);
        }
    }

    public HardwareFault? Unbind(int bus, int address)
    {
        lock (_gate)
        {
            if (!Directory.Exists(DeviceFolder(bus, address))) return new HardwareFault(HardwareFaultKind.NotFound, $"The kernel knows no chip at {Hex(address)} of i2c-{bus}.");

            return Tell(bus, "delete_device", Hex(address), $"{Hex(address)} of i2c-{bus} cannot be removed");
        }
    }

    private static string Hex(int address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x2}");

    private string DeviceFolder(int bus, int address) => Path.Combine(DevicesFolder, string.Create(CultureInfo.InvariantCulture, $"{bus}-{address:x4}"));

    private Outcome<BoundChip> Create(string chip, int bus, int address, string device)
    {
        if (!Directory.Exists(Path.Combine(DevicesFolder, $"i2c-{bus}"))) return new HardwareFault(HardwareFaultKind.NotFound, $"There is no bus i2c-{bus}.");
        if (Tell(bus, "new_device", $"{chip} {Hex(address)}", $"The kernel does not take '{chip}' at {Hex(address)} of i2c-{bus}") is { } refused) return refused;

        var bound = WaitForNode(chip, bus, address, device, wasThere: false);
        if (bound.IsGood) return bound;

        // Left there it would hold the address, and the next attempt would find it "bound already".
        return Tell(bus, "delete_device", Hex(address), "It could not be removed again") is { } stuck
            ? new HardwareFault(bound.Fault.Kind, $"{bound.Fault.Message} {stuck.Message}")
            : bound;
    }

    private HardwareFault? Tell(int bus, string file, string text, string failure)
    {
        var answer = kernel.WriteFile(Path.Combine(DevicesFolder, $"i2c-{bus}", file), text);
        return answer < 0 ? Errno.Fault(answer, failure) : null;
    }

    private Outcome<BoundChip> WaitForNode(string chip, int bus, int address, string device, bool wasThere)
    {
        var known = KnownChips.Find(chip);
        for (var waited = TimeSpan.Zero; waited < Bound; waited += Look)
        {
            if (FindNode(device, known) is var (subsystem, node))
            {
                return new BoundChip(chip, bus, address, subsystem, Path.GetFileName(node), SysfsFile.TryReadText(Path.Combine(node, "name")) ?? "", wasThere);
            }

            kernel.Pause(Look);
        }

        return Explain(chip, known, bus, address, device);
    }

    private static (KernelSubsystem Subsystem, string Node)? FindNode(string device, KnownChip? known)
    {
        var hwmon = SysfsFile.Devices(Path.Combine(device, "hwmon")).FirstOrDefault(folder => Path.GetFileName(folder).StartsWith("hwmon", StringComparison.Ordinal));
        var iio = SysfsFile.Devices(device).FirstOrDefault(folder => Path.GetFileName(folder).StartsWith("iio:device", StringComparison.Ordinal));

        // A driver may show itself in both; the list says where the channels that we know are.
        if (iio is not null && (hwmon is null || known?.Subsystem == KernelSubsystem.Iio)) return (KernelSubsystem.Iio, iio);

        return hwmon is null ? null : (KernelSubsystem.Hwmon, hwmon);
    }

    private HardwareFault Explain(string chip, KnownChip? known, int bus, int address, string device)
    {
        var at = $"'{chip}' at {Hex(address)} of i2c-{bus}";
        if (SysfsFile.LinkName(Path.Combine(device, "driver")) is { } driver)
        {
            return new HardwareFault(HardwareFaultKind.NotSupported, $"The driver {driver} has taken {at}, but shows no values under hwmon or iio.");
        }

        if (known is null)
        {
            return new HardwareFault(HardwareFaultKind.NotSupported, $"No driver of this kernel has taken {at}: either it knows no chip of this name, or nobody answers there.");
        }

        if (Directory.Exists(Path.Combine(paths.Sysfs, "bus", "i2c", "drivers", known.Driver)))
        {
            return new HardwareFault(
                HardwareFaultKind.NoAnswer,
                $"The driver {known.Driver} found no {at}: nobody answers there (error 121 in the kernel's log), or it is another chip. Usual addresses are {string.Join(", ", known.Addresses.Select(Hex))}.");
        }

        return _modules.Has(known.Module) switch
        {
            false => new HardwareFault(HardwareFaultKind.NotSupported, $"There is no driver for {at}: this kernel ({_modules.Release}) has no module {known.Module}."),
            true => new HardwareFault(HardwareFaultKind.NotSupported, $"The driver for {at} is not loaded: the module {known.Module} is there, but nothing has loaded it (modprobe {known.Module})."),
            null => new HardwareFault(HardwareFaultKind.NotSupported, $"The driver for {at} is not there: the module {known.Module} is not loaded, or this kernel has none."),
        };
    }
}
