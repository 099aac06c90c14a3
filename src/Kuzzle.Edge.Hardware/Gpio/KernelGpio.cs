using System.Globalization;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>The lines of the kernel's GPIO character devices (<c>/dev/gpiochip*</c>), by version 2 of their interface.</summary>
internal sealed class KernelGpio(IKernel kernel, string devices) : IGpio, IDisposable
{
    /// <summary>The kernel keeps no more, whatever is asked for.</summary>
    private const int MaxKernelEvents = 1024;

    private const long MaxDebounceMicroseconds = uint.MaxValue;

    private readonly EdgeLoop _loop = new(kernel);

    public IReadOnlyList<GpioChipInfo> ListChips() => [.. Nodes().Select(ReadChip)];

    public Outcome<IGpioInput> OpenInput(GpioInputRequest request)
    {
        if (FaultOf(request) is { } wrong) return wrong;

        var found = Find(request.Line);
        if (!found.IsGood) return found.Fault;

        var opened = Take(found.Value, request.Consumer, LineConfig.Of(request), (uint)Math.Min(request.EdgeQueue, MaxKernelEvents));
        if (!opened.IsGood) return opened.Fault;

        var input = new KernelInput(kernel, _loop, opened.Value, found.Value, request);
        if (request.Edges == GpioEdges.None || input.Watch() is not { } fault) return Outcome<IGpioInput>.Of(input);

        input.Dispose();
        return fault;
    }

    public Outcome<IGpioOutput> OpenOutput(GpioOutputRequest request)
    {
        var found = Find(request.Line);
        if (!found.IsGood) return found.Fault;

        var opened = Take(found.Value, request.Consumer, LineConfig.Of(request), eventBuffer: 0);
        return opened.IsGood ? Outcome<IGpioOutput>.Of(new KernelOutput(kernel, opened.Value, found.Value, request.SafeValue)) : opened.Fault;
    }

    public void Dispose() => _loop.Dispose();

    /// <summary>What the kernel would refuse without saying why.</summary>
    internal static HardwareFault? FaultOf(GpioInputRequest request) =>
        request.Debounce < TimeSpan.Zero || request.Debounce.Ticks / TimeSpan.TicksPerMicrosecond > MaxDebounceMicroseconds
            ? new HardwareFault(HardwareFaultKind.BadRequest, $"The debounce of {request.Line} is {request.Debounce}; it can be 0 to 4294 s.")
            : null;

    private static string Name(string node) => Path.GetFileName(node);

    private static int NumberOf(string node) =>
        int.TryParse(Name(node).AsSpan("gpiochip".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    private IEnumerable<string> Nodes()
    {
        if (!Directory.Exists(devices)) return [];

        return Directory.EnumerateFileSystemEntries(devices, "gpiochip*").OrderBy(NumberOf).ThenBy(node => node, StringComparer.Ordinal);
    }

    private GpioChipInfo ReadChip(string node)
    {
        var descriptor = kernel.Open(node);
        if (descriptor < 0) return new GpioChipInfo(Name(node), "", [], Errno.Fault(descriptor, $"{node} cannot be opened"));

        try
        {
            var chip = new ChipInfo();
            var answer = kernel.Control(descriptor, GpioControl.GetChipInfo, Bytes(ref chip));
            if (answer < 0) return new GpioChipInfo(Name(node), "", [], Errno.Fault(answer, $"{node} does not tell its lines"));

            var lines = new List<GpioLineInfo>((int)chip.Lines);
            for (var offset = 0u; offset < chip.Lines; offset++)
            {
                var line = new LineInfo { Offset = offset };
                answer = kernel.Control(descriptor, GpioControl.GetLineInfo, Bytes(ref line));
                if (answer < 0) return new GpioChipInfo(Name(node), chip.Label.Text ?? "", lines, Errno.Fault(answer, $"{node} does not tell of its line {offset}"));
                lines.Add(line.ToInfo(Name(node)));
            }

            return new GpioChipInfo(Name(node), chip.Label.Text ?? "", lines, Fault: null);
        }
        finally
        {
            kernel.Close(descriptor);
        }
    }

    private Outcome<GpioLineInfo> Find(GpioLineId id)
    {
        var all = ListChips();
        var chips = id.Chip is null ? all : [.. all.Where(chip => IsMeant(chip, id.Chip))];
        if (chips.Count == 0)
        {
            var present = all.Count == 0 ? $"there is none under {devices}" : $"there are {string.Join(", ", all.Select(chip => $"{chip.Name} ({chip.Label})"))}";
            return new HardwareFault(HardwareFaultKind.NotFound, $"There is no GPIO chip '{id.Chip ?? "gpiochip*"}'; {present}.");
        }

        var lines = chips.SelectMany(chip => chip.Lines).Where(line => id.Name is null ? line.Offset == id.Offset : line.Name == id.Name).ToList();
        if (lines is [var only]) return only;

        // A chip that could not be read may have the line.
        if (lines.Count == 0) return chips.FirstOrDefault(chip => chip.Fault is not null)?.Fault ?? Missing(id, chips);

        return new HardwareFault(HardwareFaultKind.BadRequest, $"There are {lines.Count} of {id}: {string.Join(", ", lines)}. Name the chip too, or chip and offset.");
    }

    private static HardwareFault Missing(GpioLineId id, IReadOnlyList<GpioChipInfo> chips) => new(
        HardwareFaultKind.NotFound,
        id.Name is null
            ? $"There is no {id}: {string.Join(", ", chips.Select(chip => $"{chip.Name} has {chip.Lines.Count} lines, from 0"))}."
            : $"There is no {id} on {string.Join(", ", chips.Select(chip => chip.Name))}.");

    private static bool IsMeant(GpioChipInfo chip, string name) => chip.Name == name || chip.Label == name || chip.Name == $"gpiochip{name}";

    private Outcome<int> Take(GpioLineInfo line, string consumer, LineConfig config, uint eventBuffer)
    {
        var node = Path.Combine(devices, line.Chip);
        var descriptor = kernel.Open(node);
        if (descriptor < 0) return Errno.Fault(descriptor, $"{node} cannot be opened");

        try
        {
            var request = new LineRequest { Consumer = NameBytes.Of(consumer), Config = config, LineCount = 1, EventBufferSize = eventBuffer };
            request.Offsets[0] = (uint)line.Offset;
            var answer = kernel.Control(descriptor, GpioControl.GetLine, Bytes(ref request));
            return answer >= 0 ? request.Descriptor : Refusal(answer, descriptor, line, config.Flags);
        }
        finally
        {
            kernel.Close(descriptor); // The line has a descriptor of its own.
        }
    }

    private HardwareFault Refusal(int answer, int descriptor, GpioLineInfo line, LineFlags flags)
    {
        if (answer == -Errno.Busy)
        {
            var now = new LineInfo { Offset = (uint)line.Offset };
            var holder = kernel.Control(descriptor, GpioControl.GetLineInfo, Bytes(ref now)) >= 0 ? now.Consumer.Text : null;
            return new HardwareFault(HardwareFaultKind.Busy, $"The {line} is held by {(holder is null ? "somebody who gives no name" : $"'{holder}'")}.");
        }

        if ((flags & (LineFlags.EdgeRising | LineFlags.EdgeFalling)) != LineFlags.None && -answer is Errno.NoDeviceOrAddress or Errno.NoDevice or Errno.Invalid)
        {
            return new HardwareFault(HardwareFaultKind.NotSupported, $"The {line} cannot report edges, for it has no interrupt: {Errno.Describe(answer)}.");
        }

        return Errno.Fault(answer, $"The {line} cannot be taken");
    }

    internal static Span<byte> Bytes<T>(ref T structure)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref structure));
}
