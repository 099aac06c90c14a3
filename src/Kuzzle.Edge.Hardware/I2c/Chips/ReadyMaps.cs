using Kuzzle.Edge.Hardware.I2c.Registers;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>Register maps of chips that few kernels have a driver for. Figures are those of the makers' datasheets.</summary>
internal static class ReadyMaps
{
    /// <summary>Between the channels of one chip that are sampled together: the second gets what the first has measured.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(200);

    public static RegisterMap Aht10 { get; } = Aht("aht10", setUp: 0xE1, crc: null);

    public static RegisterMap Aht20 { get; } = Aht("aht20", setUp: 0xBE, new RegisterCrc(0x31, 0xFF, WordLength: 6));

    /// <summary>Measured without holding the clock, for adapters that know no clock stretching. The times are those of the slower of the two chips (HTU21D at 14 bits).</summary>
    public static RegisterMap Si7021(string name) => new()
    {
        Name = name,
        Init = [new WriteStep { Bytes = [0xFE] }, Wait(15)],
        Measure =
        [
            new ReadStep { Command = [0xF5], Length = 2, Delay = Milliseconds(30), Crc = new RegisterCrc(0x31, 0x00) },
            new ReadStep { Command = [0xF3], Length = 2, Delay = Milliseconds(55), Crc = new RegisterCrc(0x31, 0x00) },
        ],
        Fields =
        [
            Temperature(read: 1, position: 0) with { Mask = 0xFFFC, Scale = 175.72 / 65536, Offset = -46.85 }, // The lowest two bits are status.
            Humidity(read: 0, position: 0) with { Mask = 0xFFFC, Scale = 125.0 / 65536, Offset = -6 },
        ],
        MinInterval = Together,
    };

    /// <summary>Both quantities in one go at 14 bits: 6.35 ms and 6.5 ms.</summary>
    public static RegisterMap Hdc1080 { get; } = new()
    {
        Name = "hdc1080",
        Init = [Wait(15), new WriteStep { Bytes = [0x02, 0x10, 0x00] }],
        Measure = [new ReadStep { Command = [0x00], Length = 4, Delay = Milliseconds(20) }],
        Fields =
        [
            Temperature(read: 0, position: 0) with { Scale = 165.0 / 65536, Offset = -40 },
            Humidity(read: 0, position: 2) with { Scale = 100.0 / 65536 },
        ],
        MinInterval = Together,
    };

    /// <summary>Converts by itself once a second; before the first conversion it says -256 °C.</summary>
    public static RegisterMap Tmp117 { get; } = RegisterMap.OfRegister(
        "tmp117", 0x00, Temperature(read: 0, position: 0) with { IsSigned = true, Scale = 0.0078125, NoValue = short.MinValue });

    /// <summary>Starts to measure by itself every 5 s, and refuses to be read in between.</summary>
    public static RegisterMap Scd4x(string name) => new()
    {
        Name = name,

        // It may measure already, since before this process; then it only obeys after it has been stopped.
        Init = [new WriteStep { Bytes = [0x3F, 0x86], MayFail = true }, Wait(500), new WriteStep { Bytes = [0x21, 0xB1] }],
        Measure =
        [
            new PollStep
            {
                Status = new ReadStep { Command = [0xE4, 0xB8], Length = 2, Delay = Milliseconds(1), Crc = RegisterCrc.Sensirion },
                Mask = 0x07FF,
                Interval = Milliseconds(200),
                Timeout = Milliseconds(6000),
            },
            new ReadStep { Command = [0xEC, 0x05], Length = 6, Delay = Milliseconds(1), Crc = RegisterCrc.Sensirion },
        ],
        Fields =
        [
            new RegisterField { Name = "co2", Kind = "co2", Unit = "ppm", Width = 2 },
            Temperature(read: 0, position: 2) with { Scale = 175.0 / 65535, Offset = -45 },
            Humidity(read: 0, position: 4) with { Scale = 100.0 / 65535 },
        ],
        MinInterval = Milliseconds(4500),
    };

    /// <summary>For 15 s after it was set up it says 400 ppm and 0 ppb; its own baseline wants a measurement each second.</summary>
    public static RegisterMap Sgp30 { get; } = new()
    {
        Name = "sgp30",
        Init = [new WriteStep { Bytes = [0x20, 0x03] }, Wait(10)],
        Measure = [new ReadStep { Command = [0x20, 0x08], Length = 4, Delay = Milliseconds(15), Crc = RegisterCrc.Sensirion }],
        Fields =
        [
            new RegisterField { Name = "co2", Kind = "co2", Unit = "ppm", Width = 2 },
            new RegisterField { Name = "voc", Kind = "voc", Unit = "ppb", Position = 2, Width = 2 },
        ],
        MinInterval = Together,
    };

    /// <summary>The raw signal, compensated for 50 % and 25 °C, each told with its checksum; and the index that its maker computes of it, which each chip learns for itself.</summary>
    public static RegisterMap Sgp40(VocIndex index) => new()
    {
        Name = "sgp40",
        Measure =
        [
            new ReadStep { Command = [0x26, 0x0F, 0x80, 0x00, 0xA2, 0x66, 0x66, 0x93], Length = 2, Delay = Milliseconds(30), Crc = RegisterCrc.Sensirion },
        ],
        Fields = [new RegisterField { Name = "raw", Kind = "gas signal", Unit = "ticks", Width = 2 }],
        Derived = [new DerivedChannel("voc", "voc index", "", (values, at) => index.Next(values["raw"], at))],
        MinInterval = Together,
    };

    /// <summary>Gain 1 and 402 ms: up to full sunlight, in steps of about half a lux.</summary>
    public static RegisterMap Tsl2561 { get; } = new()
    {
        Name = "tsl2561",
        Init = [new WriteStep { Bytes = [0x80, 0x03] }, new WriteStep { Bytes = [0x81, 0x02] }, Wait(450)],
        Measure = [new ReadStep { Command = [0xAC], Length = 2 }, new ReadStep { Command = [0xAE], Length = 2 }],
        Fields =
        [
            new RegisterField { Name = "broadband", Width = 2, Order = ByteOrder.LittleEndian, NoValue = ushort.MaxValue, IsHidden = true }, // Dazzled.
            new RegisterField { Name = "infrared", Read = 1, Width = 2, Order = ByteOrder.LittleEndian, NoValue = ushort.MaxValue, IsHidden = true },
        ],
        Derived = [new DerivedChannel("illuminance", "illuminance", "lx", (counts, _) => LuxFormula.Lux(16 * counts["broadband"], 16 * counts["infrared"]))],
        MinInterval = Together,
    };

    /// <summary>32 V and ±320 mV at 12 bits, always converting: what it does after power-on. The bus is counted in 4 mV, the shunt in 10 µV.</summary>
    public static RegisterMap Ina219(double shuntOhms) => Ina("ina219", [0x00, 0x39, 0x9F], busMask: 0xFFF8, busShift: 3, busVolts: 4e-3, shuntVolts: 10e-6, shuntOhms);

    /// <summary>Always converting, 1.1 ms each: what it does after power-on. The bus is counted in 1.25 mV, the shunt in 2.5 µV.</summary>
    public static RegisterMap Ina226(double shuntOhms) => Ina("ina226", [0x00, 0x41, 0x27], busMask: 0xFFFF, busShift: 0, busVolts: 1.25e-3, shuntVolts: 2.5e-6, shuntOhms);

    private static RegisterMap Aht(string name, byte setUp, RegisterCrc? crc) => new()
    {
        Name = name,
        Init =
        [
            Wait(100), new WriteStep { Bytes = [0xBA] }, Wait(20), // It may have been given its power just now: the newer datasheets ask for 100 ms then, the older for 40.

            // Some batches refuse the command of the other kind, and need none: what counts is the bit that says "calibrated".
            new WriteStep { Bytes = [setUp, 0x08, 0x00], MayFail = true }, Wait(10),
            new PollStep { Status = new ReadStep { Length = 1 }, Mask = 0x08, Timeout = Milliseconds(100) },
        ],
        Measure =
        [
            new WriteStep { Bytes = [0xAC, 0x33, 0x00] },
            Wait(80),
            new PollStep { Status = new ReadStep { Length = 1 }, Mask = 0x80, Ready = 0 },
            new ReadStep { Length = 6, Crc = crc },
        ],
        Fields =
        [
            Temperature(read: 0, position: 3) with { Width = 3, Mask = 0x0FFFFF, Scale = 200.0 / (1 << 20), Offset = -50 },
            Humidity(read: 0, position: 1) with { Width = 3, Mask = 0xFFFFF0, Shift = 4, Scale = 100.0 / (1 << 20) },
        ],
        MinInterval = Together,
    };

    private static RegisterMap Ina(string name, byte[] configuration, ulong busMask, int busShift, double busVolts, double shuntVolts, double shuntOhms) => new()
    {
        Name = name,
        Init = [new WriteStep { Bytes = configuration }, Wait(5)],
        Measure = [new ReadStep { Command = [0x02], Length = 2 }, new ReadStep { Command = [0x01], Length = 2 }],
        Fields =
        [
            new RegisterField { Name = "voltage", Kind = "voltage", Unit = "V", Width = 2, Mask = busMask, Shift = busShift, Scale = busVolts },
            new RegisterField { Name = "current", Kind = "current", Unit = "A", Read = 1, Width = 2, IsSigned = true, Scale = shuntVolts / shuntOhms },
        ],
        Derived = [new DerivedChannel("power", "power", "W", (values, _) => values["voltage"] * values["current"])],
        MinInterval = Milliseconds(20),
    };

    private static RegisterField Temperature(int read, int position) =>
        new() { Name = "temperature", Kind = "temperature", Unit = "°C", Read = read, Position = position, Width = 2 };

    private static RegisterField Humidity(int read, int position) =>
        new() { Name = "humidity", Kind = "humidity", Unit = "%", Read = read, Position = position, Width = 2, Least = 0, Greatest = 100 };

    private static WaitStep Wait(int milliseconds) => new() { Time = Milliseconds(milliseconds) };

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
