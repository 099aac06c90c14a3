using System.Globalization;
using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Gpio.Expanders;
using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.I2c.Registers;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Pwm;
using Kuzzle.Edge.Hardware.Scanning;

namespace Kuzzle.Edge.Hardware;

/// <summary>The hardware of this box through the interfaces of its kernel. Opens nothing before it is asked to. Disposing closes the buses; lines and outputs are their owners' to close, before.</summary>
public sealed class Board : IBoard
{
    private readonly IKernel _kernel;
    private readonly KernelGpio _gpio;
    private readonly KernelI2c _i2c;
    private readonly IioCaptures _captures;
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Bus, int Address), Lock> _addresses = [];
    private readonly Dictionary<(int Bus, int Address, string Name, ChipSettings Settings), IChip> _chips = [];
    private readonly Dictionary<(int Bus, int Address), Mcp23017> _expanders = [];

    /// <summary>The hardware as the kernel of this machine shows it.</summary>
    /// <param name="paths">Where it shows it.</param>
    /// <param name="i2c">Bounds of the I2C buses; null takes the defaults.</param>
    public Board(BoardPaths paths, I2cOptions? i2c = null)
        : this(paths, i2c ?? new I2cOptions(), new LinuxKernel())
    {
    }

    internal Board(BoardPaths paths, I2cOptions i2c, IKernel kernel)
    {
        _kernel = kernel;
        _gpio = new KernelGpio(kernel, paths.Devices);
        _i2c = new KernelI2c(kernel, paths, i2c);
        _captures = new IioCaptures(kernel, paths);
        Pwm = new KernelPwm(kernel, paths.Sysfs);
        Binder = new SysfsChipBinder(kernel, paths);
        Scanner = new BoardScanner(paths, _gpio, _i2c, Pwm);
    }

    /// <inheritdoc/>
    public IGpio Gpio => _gpio;

    /// <inheritdoc/>
    public II2c I2c => _i2c;

    /// <inheritdoc/>
    public IPwm Pwm { get; }

    /// <inheritdoc/>
    public IChipBinder Binder { get; }

    /// <inheritdoc/>
    public IBoardScanner Scanner { get; }

    /// <inheritdoc/>
    public Outcome<IChip> OpenChip(string name, int bus, int address, ChipSettings settings)
    {
        if (ReadyChips.Find(name) is not { } ready)
        {
            return new HardwareFault(HardwareFaultKind.NotSupported, $"There is no map for a chip '{name}'; there is one for {string.Join(", ", ReadyChips.All.Select(chip => chip.Name))}.");
        }

        if (FaultOf(address, ready.Addresses, ready.Name) is { } wrong) return wrong;

        var opened = I2c.Open(bus);
        if (!opened.IsGood) return opened.Fault;

        lock (_gate)
        {
            var key = (bus, address, ready.Name, settings);
            if (!_chips.TryGetValue(key, out var chip)) _chips[key] = chip = ReadyChips.Create(ready.Name, opened.Value, address, settings, _kernel, GateOf(bus, address))!;
            return Outcome<IChip>.Of(chip);
        }
    }

    /// <inheritdoc/>
    public Outcome<IChip> OpenChip(RegisterMap map, int bus, int address)
    {
        if (map.FindFaults() is { Count: > 0 } faults)
        {
            return new HardwareFault(HardwareFaultKind.BadRequest, $"The register map '{map.Name}' has faults: {string.Join("; ", faults.Select(fault => $"{fault.Key} {fault.Fault}"))}.");
        }

        if (FaultOf(address, [], map.Name) is { } wrong) return wrong;

        var opened = I2c.Open(bus);
        if (!opened.IsGood) return opened.Fault;

        lock (_gate) return Outcome<IChip>.Of(new RegisterMapChip(map, opened.Value, address, _kernel, GateOf(bus, address)));
    }

    /// <inheritdoc/>
    public Outcome<IGpio> OpenExpander(int bus, int address)
    {
        int[] possible = [.. Enumerable.Range(Mcp23017.LowestAddress, Mcp23017.HighestAddress - Mcp23017.LowestAddress + 1)];
        if (FaultOf(address, possible, "mcp23017") is { } wrong) return wrong;

        var opened = I2c.Open(bus);
        if (!opened.IsGood) return opened.Fault;

        lock (_gate)
        {
            if (!_expanders.TryGetValue((bus, address), out var expander)) _expanders[(bus, address)] = expander = new Mcp23017(opened.Value, address);
            return Outcome<IGpio>.Of(expander);
        }
    }

    /// <inheritdoc/>
    public Outcome<IIioCapture> OpenCapture(IioCaptureRequest request) => _captures.Open(request);

    /// <inheritdoc/>
    public void Dispose()
    {
        _gpio.Dispose();
        _i2c.Dispose();
    }

    private static HardwareFault? FaultOf(int address, IReadOnlyList<int> possible, string name)
    {
        if (address is < KernelI2cBus.LowestAddress or > KernelI2cBus.HighestAddress) return new HardwareFault(HardwareFaultKind.BadRequest, $"{Hex(address)} is no address of a chip; those are 0x08 to 0x77.");
        if (possible.Count == 0 || possible.Contains(address)) return null;

        return new HardwareFault(HardwareFaultKind.BadRequest, $"{name} cannot be at {Hex(address)}; it can be at {string.Join(", ", possible.Select(Hex))}.");
    }

    private static string Hex(int address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x2}");

    private Lock GateOf(int bus, int address)
    {
        if (!_addresses.TryGetValue((bus, address), out var gate)) _addresses[(bus, address)] = gate = new Lock();
        return gate;
    }
}
