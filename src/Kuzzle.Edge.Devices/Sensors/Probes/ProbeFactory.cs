using Kuzzle.Edge.Devices.Actuators;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Hwmon;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.OneWire;
using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Simulated;
using Kuzzle.Edge.Hardware.Thermal;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>Makes what a sensor reads of what was configured. Touches no hardware: that is for the first reading.</summary>
internal sealed class ProbeFactory(SensorBoard board, TimeProvider clock)
{
    /// <summary>Where an MCP23017 is when nobody has told it otherwise.</summary>
    private const int ExpanderAddress = 0x20;

    /// <summary>The probe of a sensor without faults. Where there is no such hardware, one that says so.</summary>
    public IProbe Create(SensorOptions sensor) => sensor.Source switch
    {
        SensorSourceKind.Gpio => WithHardware(sensor, hardware => Gpio(sensor, hardware)),
        SensorSourceKind.Pwm => WithHardware(sensor, hardware => new PwmOutput(hardware.Pwm, sensor.Chip!, sensor.Channel, sensor.Pwm!)),
        SensorSourceKind.I2c => WithHardware(sensor, hardware => Chip(sensor, hardware)),
        SensorSourceKind.Iio when sensor.Capture is { } capture => WithHardware(sensor, hardware => Capture(sensor, capture, hardware)),
        SensorSourceKind.Hwmon or SensorSourceKind.Iio when sensor.Bus is not null => WithHardware(sensor, hardware => KernelChip(sensor, hardware)),
        SensorSourceKind.Simulated when sensor.File is { } file => Recording(sensor, file),
        _ => new SourceProbe([.. sensor.EffectiveChannels.Select(channel => (sensor.Channels.Count > 0 ? channel.Channel : null, SourceOf(sensor, channel.Channel)))]),
    };

    private IProbe WithHardware(SensorOptions sensor, Func<IBoard, IProbe> make) =>
        board.Hardware is { } hardware ? make(hardware) : new FaultyProbe(sensor.Source.ToString(), "This box gives no access to its lines and buses.");

    private static IProbe Recording(SensorOptions sensor, string file)
    {
        var loaded = ReplaySource.Load(file, sensor.Column, sensor.Kind, sensor.Unit, repeats: true);
        return loaded.IsGood ? new SourceProbe([(null, loaded.Value)]) : new FaultyProbe($"recording {file}", loaded.Fault.Message);
    }

    private IProbe Gpio(SensorOptions sensor, IBoard hardware)
    {
        // A line of an expander that this program drives itself, or of the kernel's.
        Outcome<IGpio> Chips() => sensor.Bus is { } bus ? hardware.OpenExpander(bus, sensor.Address ?? ExpanderAddress) : Outcome<IGpio>.Of(hardware.Gpio);
        return sensor.Gpio!.Mode == GpioMode.Output ? new GpioOutput(Chips, sensor.Gpio) : new GpioInputProbe(Chips, sensor.Gpio, clock);
    }

    private static IProbe Chip(SensorOptions sensor, IBoard hardware)
    {
        var ready = ReadyChips.Find(sensor.Chip ?? "");
        var description = FormattableString.Invariant($"{sensor.Map?.Name ?? sensor.Chip} on i2c-{sensor.Bus}");
        var address = sensor.Address ?? ready?.Addresses[0];
        if ((sensor.Map?.Channels ?? ready?.Channels) is not { } channels) return new FaultyProbe(description, $"This program knows no chip '{sensor.Chip}'.");
        if (sensor.Bus is not { } bus || address is null) return new FaultyProbe(description, "Its bus or its address is not known.");

        string[] wanted = sensor.Channels.Count > 0 ? [.. sensor.Channels.Select(channel => channel.Channel!)] : sensor.Channel is { } only ? [only] : [.. channels.Select(channel => channel.Name)];
        var unknown = Array.Find(wanted, channel => channels.All(known => known.Name != channel));
        return unknown is null
            ? new ChipProbe(
                description,
                () => sensor.Map is { } map ? hardware.OpenChip(map, bus, address.Value) : hardware.OpenChip(sensor.Chip!, bus, address.Value, sensor.ChipSettings),
                [.. wanted.Select(channel => channels.First(known => known.Name == channel))])
            : new FaultyProbe(description, $"It has no channel '{unknown}'; it has {string.Join(", ", channels.Select(known => known.Name))}.");
    }

    private IProbe KernelChip(SensorOptions sensor, IBoard hardware)
    {
        var known = KnownChips.Find(sensor.Chip ?? "");
        var address = sensor.Address ?? known?.Addresses[0];
        if (sensor.Chip is null || address is null) return new FaultyProbe(sensor.Name, "Its chip or its address is not known.");

        IReadOnlyList<(string? Name, string Channel)> channels = sensor.Channels.Count > 0 ? [.. sensor.Channels.Select(channel => (channel.Channel, channel.Channel!))]
            : sensor.Channel is { } only ? [(null, only)]
            : known is { Channels.Count: > 1 } ? [.. known.Channels.Select(channel => ((string?)channel, channel))]
            : [(null, known?.Channels[0] ?? (sensor.Source == SensorSourceKind.Iio ? "temp" : "temp1"))];
        return new KernelChipProbe(
            hardware.Binder,
            sensor.Chip,
            sensor.Bus!.Value,
            address.Value,
            channels,
            KernelSource,
            known?.Subsystem ?? (sensor.Source == SensorSourceKind.Iio ? KernelSubsystem.Iio : KernelSubsystem.Hwmon));
    }

    private CaptureProbe Capture(SensorOptions sensor, CaptureOptions capture, IBoard hardware) => new(
        hardware,
        new IioCaptureRequest
        {
            Device = sensor.Chip!,
            Channels = [.. sensor.EffectiveChannels.Select(channel => channel.Channel ?? "temp")],
            Trigger = capture.Trigger,
            Frequency = capture.Frequency,
            Length = CaptureLength(sensor.Interval, capture.Frequency),
        },
        sensor.Reduce,
        capture.Series,
        sensor.Timeout,
        board.Sysfs);

    /// <summary>Room in the kernel for what is sampled between two readings, twice: beyond it samples are lost. Where nobody has told how often, for some seconds at a usual pace.</summary>
    private static int CaptureLength(TimeSpan interval, double? frequency) => frequency is { } hertz ? (int)Math.Clamp(Math.Ceiling(2 * hertz * interval.TotalSeconds), 256, 65_536) : 4096;

    private ISensorSource KernelSource(KernelSubsystem subsystem, string device, string channel) =>
        subsystem == KernelSubsystem.Hwmon ? new HwmonSource(device, channel, board.Sysfs) : new IioSource(device, channel, board.Sysfs);

    private ISensorSource SourceOf(SensorOptions sensor, string? channel) => sensor.Source switch
    {
        SensorSourceKind.Hwmon => new HwmonSource(sensor.Chip, channel, board.Sysfs),
        SensorSourceKind.Thermal => new ThermalSource(sensor.Chip, board.Sysfs),
        SensorSourceKind.Iio => new IioSource(sensor.Chip, channel ?? "temp", board.Sysfs),
        SensorSourceKind.OneWire => new OneWireThermometer(sensor.Chip, sensor.ResolutionBits, board.Sysfs),
        SensorSourceKind.Simulated => new SimulatedSource(sensor.Seed, sensor.Mean, sensor.Amplitude, sensor.Period, sensor.Shape, sensor.Kind, sensor.Unit, sensor.Noise),
        _ => throw new ArgumentOutOfRangeException(nameof(sensor), sensor.Source, "no such source"),
    };
}
