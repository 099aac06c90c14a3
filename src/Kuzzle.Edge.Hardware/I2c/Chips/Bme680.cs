using System.Buffers.Binary;
using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>Bosch's BME680 (and the BME688, its sibling), one forced measurement at a time.</summary>
internal sealed class Bme680(II2cBus bus, int address, ChipSettings settings, IKernel kernel, Lock gate) : PacedChip(TimeSpan.FromMilliseconds(500), gate)
{
    public const string ChipName = "bme680";

    private const byte ChipId = 0x61;
    private const byte ResetCommand = 0xB6;
    private const byte HeaterTemperature = 0x5A;
    private const byte HeaterTime = 0x64;
    private const byte GasControl = 0x71;
    private const byte HumidityControl = 0x72;
    private const byte MeasureControl = 0x74;
    private const byte FirstData = 0x1D;
    private const int DataLength = 17;

    /// <summary>Temperature twice, pressure four times, one forced measurement.</summary>
    private const byte Forced = (2 << 5) | (3 << 2) | 1;
    private const byte HumidityTwice = 2;
    private const byte NewData = 0x80;
    private const byte GasValid = 0x20;
    private const byte HeaterStable = 0x10;

    /// <summary>The conversions take 21 ms at these settings; the heater's time comes on top.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private const int MaxLooks = 50;

    private Bme680Formulas? _formulas;
    private bool _isHighVariant;
    private double _ambient = 25;

    public static IReadOnlyList<ChipChannel> AllChannels { get; } =
    [
        new("temperature", "temperature", "°C"),
        new("humidity", "humidity", "%"),
        new("pressure", "pressure", "hPa"),
        new("gas", "resistance", "Ω"),
    ];

    public override string Description { get; } = string.Create(CultureInfo.InvariantCulture, $"{ChipName} at 0x{address:x2} of i2c-{bus.Number}");

    public override IReadOnlyList<ChipChannel> Channels => AllChannels;

    protected override Outcome<IReadOnlyDictionary<string, Measurement>> MeasureNow(DateTimeOffset at)
    {
        if (_formulas is null && SetUp() is { } unusable) return unusable;

        Span<byte> data = stackalloc byte[DataLength];
        if (MeasureInto(data) is { } fault)
        {
            _formulas = null; // It may have lost its power, and what it was told with it.
            return fault;
        }

        return Outcome<IReadOnlyDictionary<string, Measurement>>.Of(Values(_formulas!, data));
    }

    private HardwareFault? SetUp()
    {
        Span<byte> one = stackalloc byte[1];
        if (bus.Transfer(address, [0xD0], one) is { } silent) return silent;
        if (one[0] != ChipId)
        {
            return new HardwareFault(HardwareFaultKind.NotFound, string.Create(CultureInfo.InvariantCulture, $"{Description} is another chip: its id is 0x{one[0]:x2}, that of a BME680 0x{ChipId:x2}."));
        }

        if (bus.Transfer(address, [0xE0, ResetCommand], []) is { } unreset) return unreset;
        kernel.Pause(Look);

        Span<byte> low = stackalloc byte[Bme680Calibration.LowLength];
        Span<byte> high = stackalloc byte[Bme680Calibration.HighLength];
        Span<byte> heater = stackalloc byte[Bme680Calibration.HeaterLength];
        if ((bus.Transfer(address, [0x8A], low) ?? bus.Transfer(address, [0xE1], high) ?? bus.Transfer(address, [0x00], heater)
            ?? bus.Transfer(address, [0xF0], one)) is { } fault)
        {
            return fault;
        }

        _isHighVariant = one[0] == 1;
        _formulas = new Bme680Formulas(Bme680Calibration.Parse(low, high, heater));
        return null;
    }

    private HardwareFault? MeasureInto(Span<byte> data)
    {
        var heat = _formulas!.HeaterRegister(settings.HeaterCelsius, _ambient);
        var runGas = (byte)(_isHighVariant ? 0x20 : 0x10);
        if ((Write(HeaterTemperature, heat)
            ?? Write(HeaterTime, Bme680Formulas.HeaterTimeRegister(settings.HeaterTime))
            ?? Write(GasControl, runGas)
            ?? Write(HumidityControl, HumidityTwice)
            ?? Write(MeasureControl, Forced)) is { } refused)
        {
            return refused;
        }

        kernel.Pause(settings.HeaterTime + Conversion);
        for (var look = 0; look < MaxLooks; look++)
        {
            if (bus.Transfer(address, [FirstData], data) is { } fault) return fault;
            if ((data[0] & NewData) != 0) return null;

            kernel.Pause(Look);
        }

        return new HardwareFault(HardwareFaultKind.TimedOut, $"{Description} has not finished its measurement.");
    }

    private HardwareFault? Write(byte register, byte value) => bus.Transfer(address, [register, value], []);

    private Dictionary<string, Measurement> Values(Bme680Formulas formulas, ReadOnlySpan<byte> data)
    {
        var fine = formulas.FineTemperature(Twenty(data[5..]));
        var celsius = Bme680Formulas.Celsius(fine);
        _ambient = Math.Clamp(celsius, -40, 85);
        var pascal = formulas.Pascal(Twenty(data[2..]), fine);
        return new Dictionary<string, Measurement>(StringComparer.Ordinal)
        {
            ["temperature"] = Measurement.Of(celsius),
            ["humidity"] = Measurement.Of(formulas.Humidity(BinaryPrimitives.ReadUInt16BigEndian(data[8..]), celsius)),
            ["pressure"] = double.IsFinite(pascal) ? Measurement.Of(pascal / 100) : Measurement.Failed($"{Description} has no usable calibration for pressure."),
            ["gas"] = Gas(formulas, data[(_isHighVariant ? 15 : 13)..]),
        };
    }

    /// <summary>Ten bits, then flags and the range.</summary>
    private Measurement Gas(Bme680Formulas formulas, ReadOnlySpan<byte> data)
    {
        if ((data[1] & GasValid) == 0) return Measurement.Failed($"{Description} has measured no gas resistance.");
        if ((data[1] & HeaterStable) == 0) return Measurement.Failed($"{Description} has not reached the temperature of its heater ({settings.HeaterCelsius} °C): give it more time, or less heat.");

        var raw = (uint)((data[0] << 2) | (data[1] >> 6));
        var range = data[1] & 0x0F;
        return Measurement.Of(_isHighVariant ? Bme680Formulas.GasOhmsOfHighVariant(raw, range) : formulas.GasOhms(raw, range));
    }

    private static uint Twenty(ReadOnlySpan<byte> data) => (uint)((data[0] << 12) | (data[1] << 4) | (data[2] >> 4));
}
