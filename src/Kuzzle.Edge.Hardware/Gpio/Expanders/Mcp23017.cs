using System.Buffers.Binary;
using System.Globalization;
using Kuzzle.Edge.Hardware.I2c;

namespace Kuzzle.Edge.Hardware.Gpio.Expanders;

/// <summary>
/// Microchip's MCP23017: 16 lines behind two wires. Lines 0 to 7 are GPA0 to GPA7, 8 to 15 GPB0 to GPB7. What the chip was told before is read from it first, so opening one
/// line leaves the others as they are. It has pull-ups only, and its edges would need its interrupt pin: both are refused by name.
/// </summary>
internal sealed class Mcp23017(II2cBus bus, int address) : IGpio
{
    /// <summary>The addresses that its three pins choose.</summary>
    public const int LowestAddress = 0x20;
    public const int HighestAddress = 0x27;

    private const int LineCount = 16;
    private const byte Direction = 0x00; // IODIR: 1 is an input.
    private const byte PullUp = 0x0C; // GPPU
    private const byte Level = 0x12; // GPIO
    private const byte Latch = 0x14; // OLAT

    private readonly Lock _gate = new();
    private readonly ExpanderLine?[] _taken = new ExpanderLine?[LineCount];

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"mcp23017-{bus.Number}-{address:x2}");

    public IReadOnlyList<GpioChipInfo> ListChips()
    {
        lock (_gate)
        {
            var directions = ReadRegister(Direction);
            var pulls = ReadRegister(PullUp);
            var fault = directions.Fault ?? pulls.Fault;
            var lines = fault is null ? Enumerable.Range(0, LineCount).Select(offset => Info(offset, directions.Value, pulls.Value)).ToList() : [];
            return [new GpioChipInfo(Name, "mcp23017", lines, fault)];
        }
    }

    public Outcome<IGpioInput> OpenInput(GpioInputRequest request)
    {
        if (request.Edges != GpioEdges.None || request.Debounce > TimeSpan.Zero) return Refused($"{Name} reports no edges and debounces nothing: its lines are read by asking.");
        if (request.Bias == GpioBias.PullDown) return Refused($"{Name} has pull-ups only.");

        lock (_gate)
        {
            var found = Find(request.Line);
            if (!found.IsGood) return found.Fault;
            if (request.Bias != GpioBias.AsIs && Change(PullUp, found.Value, request.Bias == GpioBias.PullUp) is { } unpulled) return unpulled;
            if (Change(Direction, found.Value, isSet: true) is { } fault) return fault;

            var line = Describe(found.Value, isOutput: false, request.IsActiveLow, request.Bias, request.Consumer);
            return Outcome<IGpioInput>.Of(new ExpanderInput(Take(found.Value, line, request.IsActiveLow, safeValue: null)));
        }
    }

    public Outcome<IGpioOutput> OpenOutput(GpioOutputRequest request)
    {
        if (request.Drive != GpioDrive.PushPull) return Refused($"{Name} drives both levels; it knows no open drain and no open source.");
        if (request.Bias == GpioBias.PullDown) return Refused($"{Name} has pull-ups only.");

        lock (_gate)
        {
            var found = Find(request.Line);
            if (!found.IsGood) return found.Fault;
            if (request.Bias != GpioBias.AsIs && Change(PullUp, found.Value, request.Bias == GpioBias.PullUp) is { } unpulled) return unpulled;

            // The level first, so that the line never drives the other one.
            if ((Change(Latch, found.Value, request.InitialValue != request.IsActiveLow) ?? Change(Direction, found.Value, isSet: false)) is { } fault) return fault;

            var line = Describe(found.Value, isOutput: true, request.IsActiveLow, request.Bias, request.Consumer);
            return Outcome<IGpioOutput>.Of(new ExpanderOutput(Take(found.Value, line, request.IsActiveLow, request.SafeValue)));
        }
    }

    internal Outcome<bool> Read(ExpanderLine line)
    {
        lock (_gate)
        {
            if (_taken[line.Offset] != line) return Closed(line);

            var levels = ReadRegister(Level);
            return levels.IsGood ? ((levels.Value >> line.Offset) & 1) != 0 != line.IsActiveLow : levels.Fault;
        }
    }

    internal HardwareFault? Write(ExpanderLine line, bool active)
    {
        lock (_gate) return _taken[line.Offset] == line ? Change(Latch, line.Offset, active != line.IsActiveLow) : Closed(line);
    }

    internal HardwareFault? Pull(ExpanderLine line, GpioBias bias)
    {
        lock (_gate) return _taken[line.Offset] == line ? Change(PullUp, line.Offset, bias == GpioBias.PullUp) : Closed(line);
    }

    internal void Release(ExpanderLine line)
    {
        lock (_gate)
        {
            if (_taken[line.Offset] != line) return;

            // A chip that does not answer any more cannot be made safe either; whoever closes can do nothing about it.
            if (line.SafeValue is { } safe) _ = Change(Latch, line.Offset, safe != line.IsActiveLow);
            _taken[line.Offset] = null;
        }
    }

    private static string LineName(int offset) => string.Create(CultureInfo.InvariantCulture, $"GP{(offset < 8 ? 'A' : 'B')}{offset % 8}");

    private static HardwareFault Refused(string message) => new(HardwareFaultKind.NotSupported, message);

    private static HardwareFault Closed(ExpanderLine line) => new(HardwareFaultKind.Closed, $"The {line.Info} has been given back.");

    private Outcome<int> Find(GpioLineId id)
    {
        if (id.Chip is not null && id.Chip != Name && id.Chip != "mcp23017") return new HardwareFault(HardwareFaultKind.NotFound, $"There is no GPIO chip '{id.Chip}' here; this is {Name}.");

        var offset = id.Offset ?? Enumerable.Range(0, LineCount).FirstOrDefault(candidate => LineName(candidate) == id.Name, -1);
        if (offset is < 0 or >= LineCount) return new HardwareFault(HardwareFaultKind.NotFound, $"There is no {id}: {Name} has the lines 0 to 15, named GPA0 to GPA7 and GPB0 to GPB7.");

        return _taken[offset] is { } holder
            ? new HardwareFault(HardwareFaultKind.Busy, $"The {holder.Info} is held by '{holder.Info.Consumer}'.")
            : offset;
    }

    private ExpanderLine Take(int offset, GpioLineInfo info, bool isActiveLow, bool? safeValue) => _taken[offset] = new ExpanderLine(this, offset, info, isActiveLow, safeValue);

    private GpioLineInfo Describe(int offset, bool isOutput, bool isActiveLow, GpioBias bias, string? consumer) =>
        new(Name, offset, LineName(offset), consumer, consumer is not null, isOutput, isActiveLow, bias);

    private GpioLineInfo Info(int offset, int directions, int pulls) =>
        _taken[offset]?.Info
        ?? Describe(offset, ((directions >> offset) & 1) == 0, isActiveLow: false, ((pulls >> offset) & 1) != 0 ? GpioBias.PullUp : GpioBias.Disabled, consumer: null);

    /// <summary>A register of both ports: A is the lower byte.</summary>
    private Outcome<int> ReadRegister(byte register)
    {
        Span<byte> both = stackalloc byte[2];
        return bus.Transfer(address, [register], both) is { } fault ? fault : BinaryPrimitives.ReadUInt16LittleEndian(both);
    }

    private HardwareFault? Change(byte register, int offset, bool isSet)
    {
        var now = ReadRegister(register);
        if (!now.IsGood) return now.Fault;

        var changed = isSet ? now.Value | (1 << offset) : now.Value & ~(1 << offset);
        var port = offset / 8;
        return changed == now.Value ? null : bus.Transfer(address, [(byte)(register + port), (byte)(changed >> (port * 8))], []);
    }
}
