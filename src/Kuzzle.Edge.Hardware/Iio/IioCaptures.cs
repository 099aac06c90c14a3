using System.Globalization;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>Sets up buffered captures: channels, trigger, frequency and length by sysfs, then the device node.</summary>
internal sealed class IioCaptures(IKernel kernel, BoardPaths paths)
{
    private string BusFolder => Path.Combine(paths.Sysfs, "bus", "iio", "devices");

    public Outcome<IIioCapture> Open(IioCaptureRequest request)
    {
        if (request.Channels.Count == 0) return new HardwareFault(HardwareFaultKind.BadRequest, $"A capture of {request.Device} needs at least one channel.");

        var found = FindDevice(request.Device);
        if (!found.IsGood) return found.Fault;

        var device = found.Value;
        var elements = Path.Combine(device, "scan_elements");
        if (!Directory.Exists(elements)) return new HardwareFault(HardwareFaultKind.NotSupported, $"{request.Device} has no buffer: its driver can only be polled.");

        var node = Path.Combine(paths.Devices, Path.GetFileName(device));
        var descriptor = kernel.Open(node);
        if (descriptor == -Errno.Busy) return new HardwareFault(HardwareFaultKind.Busy, $"{node} is open elsewhere: a device is captured by one at a time.");
        if (descriptor < 0) return Errno.Fault(descriptor, $"{node} cannot be opened");

        var started = Start(request, device, elements, descriptor);
        if (!started.IsGood) kernel.Close(descriptor);
        return started;
    }

    private Outcome<IIioCapture> Start(IioCaptureRequest request, string device, string elements, int descriptor)
    {
        var enable = Path.Combine(device, "buffer", "enable");
        if (SysfsFile.TryReadText(enable) == "1") return new HardwareFault(HardwareFaultKind.Busy, $"{request.Device} is being captured already.");

        var selected = Select(request, elements);
        if (!selected.IsGood) return selected.Fault;

        var layout = LayOut(selected.Value, device, elements);
        if (!layout.IsGood) return layout.Fault;

        if ((SetTrigger(request, device) ?? SetFrequency(request, device) ?? Set(Path.Combine(device, "buffer", "length"), request.Length.ToString(CultureInfo.InvariantCulture))
            ?? Set(enable, "1")) is { } fault)
        {
            return fault;
        }

        var (places, timestamp, sampleLength) = layout.Value;
        return Outcome<IIioCapture>.Of(new KernelCapture(
            kernel,
            descriptor,
            $"{request.Device} ({Path.GetFileName(device)}, {string.Join(", ", request.Channels)})",
            enable,
            [.. request.Channels.Select(channel => new ChipChannel(channel, IioQuantities.Of(channel).Kind, IioQuantities.Of(channel).Unit))],
            [.. request.Channels.Select(channel => places[channel])],
            timestamp,
            sampleLength));
    }

    private Outcome<string> FindDevice(string name)
    {
        foreach (var device in SysfsFile.Devices(BusFolder))
        {
            if (Path.GetFileName(device).StartsWith("iio:device", StringComparison.Ordinal)
                && (Path.GetFileName(device) == name || SysfsFile.TryReadText(Path.Combine(device, "name")) == name))
            {
                return device;
            }
        }

        return new HardwareFault(HardwareFaultKind.NotFound, $"There is no IIO device '{name}' under {BusFolder}.");
    }

    /// <summary>Switches the wanted channels on and all others off. Gives the wanted ones, and the timestamp when there is one.</summary>
    private Outcome<List<string>> Select(IioCaptureRequest request, string elements)
    {
        var available = Directory.EnumerateFiles(elements, "in_*_en").Select(file => Path.GetFileName(file)["in_".Length..^"_en".Length]).Order(StringComparer.Ordinal).ToList();
        var missing = request.Channels.Where(channel => !available.Contains(channel, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            return new HardwareFault(HardwareFaultKind.NotFound, $"{request.Device} cannot capture {string.Join(", ", missing)}; it can {string.Join(", ", available)}.");
        }

        var selected = new List<string>();
        foreach (var channel in available)
        {
            var isWanted = channel == "timestamp" || request.Channels.Contains(channel, StringComparer.Ordinal);
            if (Set(Path.Combine(elements, $"in_{channel}_en"), isWanted ? "1" : "0") is { } fault) return fault;
            if (isWanted) selected.Add(channel);
        }

        return selected;
    }

    private static Outcome<(Dictionary<string, IioScanElement> Places, IioScanElement? Timestamp, int Length)> LayOut(List<string> channels, string device, string elements)
    {
        var found = new List<(string Channel, double Index, IioScanFormat Format)>();
        foreach (var channel in channels)
        {
            var index = SysfsFile.ReadNumber(Path.Combine(elements, $"in_{channel}_index"));
            if (!index.IsGood) return new HardwareFault(HardwareFaultKind.Failed, index.Fault);

            var type = SysfsFile.TryReadText(Path.Combine(elements, $"in_{channel}_type"))
                ?? SysfsFile.TryReadText(Path.Combine(elements, $"in_{IioQuantities.TypeOf(channel)}_type")) ?? "";
            if (!IioScanFormat.TryParse(type, out var format)) return new HardwareFault(HardwareFaultKind.NotSupported, $"The format '{type}' of {channel} is not understood.");
            if (format.Repeat != 1) return new HardwareFault(HardwareFaultKind.NotSupported, $"{channel} is {format.Repeat} values in one ('{type}'), no single quantity.");
            found.Add((channel, index.Value, format));
        }

        found.Sort((one, other) => one.Index.CompareTo(other.Index));
        var (positions, length) = IioScanLayout.Of([.. found.Select(each => each.Format.Length)]);
        var places = new Dictionary<string, IioScanElement>(StringComparer.Ordinal);
        for (var i = 0; i < found.Count; i++)
        {
            var prefix = Path.Combine(device, $"in_{found[i].Channel}");
            var scale = IioAttributes.Read(prefix, "scale", otherwise: 1);
            var offset = IioAttributes.Read(prefix, "offset", otherwise: 0);
            if (!scale.IsGood || !offset.IsGood) return new HardwareFault(HardwareFaultKind.Failed, scale.Fault ?? offset.Fault!);

            places.Add(found[i].Channel, new IioScanElement(positions[i], found[i].Format, offset.Value, scale.Value * IioQuantities.Of(found[i].Channel).Scale));
        }

        places.Remove("timestamp", out var timestamp);
        return (places, timestamp, length);
    }

    private HardwareFault? SetTrigger(IioCaptureRequest request, string device)
    {
        if (request.Trigger is not { } trigger) return null;

        var triggers = Triggers().Select(each => each.Name).ToList();
        return triggers.Contains(trigger, StringComparer.Ordinal)
            ? Set(Path.Combine(device, "trigger", "current_trigger"), trigger)
            : new HardwareFault(HardwareFaultKind.NotFound, $"There is no trigger '{trigger}'; {(triggers.Count == 0 ? "there is none" : $"there are {string.Join(", ", triggers)}")}.");
    }

    private HardwareFault? SetFrequency(IioCaptureRequest request, string device)
    {
        if (request.Frequency is not { } hertz) return null;

        var trigger = Triggers().FirstOrDefault(each => each.Name == request.Trigger).Folder;
        var candidates = new[] { device, trigger }.OfType<string>().Select(folder => Path.Combine(folder, "sampling_frequency"));
        return candidates.FirstOrDefault(File.Exists) is { } file
            ? Set(file, hertz.ToString("0.######", CultureInfo.InvariantCulture))
            : new HardwareFault(HardwareFaultKind.NotSupported, $"Neither {request.Device} nor its trigger has a sampling frequency to set.");
    }

    private IEnumerable<(string Name, string Folder)> Triggers() => SysfsFile.Devices(BusFolder)
        .Where(folder => Path.GetFileName(folder).StartsWith("trigger", StringComparison.Ordinal))
        .Select(folder => (Name: SysfsFile.TryReadText(Path.Combine(folder, "name")) ?? "", Folder: folder));

    private HardwareFault? Set(string file, string value)
    {
        var answer = kernel.WriteFile(file, value);
        return answer < 0 ? Errno.Fault(answer, $"{file} does not take '{value}'") : null;
    }
}
