using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.I2c.Chips;

/// <summary>
/// Checked against a run that somebody else's program published: its calibration, its temperature, pressure, humidity and gas resistance, each to the last digit printed.
/// </summary>
public sealed class Bme680Tests : IDisposable
{
    private const uint RawTemperature = 484054; // 0x762D6
    private const uint RawPressure = 328884; // 0x504B4
    private const uint RawHumidity = 24722; // 0x6092

    private static readonly Bme680Calibration Published = new()
    {
        T1 = 26203,
        T2 = 26519,
        T3 = 3,
        P1 = 35008,
        P2 = -10284,
        P3 = 88,
        P4 = 9692,
        P5 = -202,
        P6 = 30,
        P7 = 24,
        P8 = -4,
        P9 = -3469,
        P10 = 30,
        H1 = 794,
        H2 = 1007,
        H3 = 0,
        H4 = 45,
        H5 = 20,
        H6 = 120,
        H7 = -100,
        G1 = -48,
        G2 = -5755,
        G3 = 18,
        HeaterRange = 1,
        HeaterValue = 46,
        RangeSwitchingError = 1,
    };

    private readonly I2cBench _bench = new();
    private readonly RegisterChip _chip = new();

    public Bme680Tests()
    {
        _bench.Adapter.Chips[0x76] = _chip;
        _chip.Registers[0xD0] = 0x61;
        WriteCalibration();
        WriteMeasurement();
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_formulas_give_what_was_published()
    {
        var formulas = new Bme680Formulas(Published);

        var fine = formulas.FineTemperature(RawTemperature);
        var celsius = Bme680Formulas.Celsius(fine);

        fine.ShouldBe(104906.162500, 1e-6);
        celsius.ShouldBe(20.489485, 1e-6);
        formulas.Pascal(RawPressure, fine).ShouldBe(100089.609193, 1e-6);
        formulas.Humidity(RawHumidity, celsius).ShouldBe(64.456540, 1e-6);

        // That program took the whole register, 0x13, for the error, not its upper half; the formula is the same.
        new Bme680Formulas(Published with { RangeSwitchingError = 19 }).GasOhms(930, 9).ShouldBe(12100.310308, 1e-6);
    }

    [Fact]
    public void The_calibration_is_put_together_from_three_stretches_of_registers() =>
        Bme680Calibration.Parse(_chip.Registers.AsSpan(0x8A, 23), _chip.Registers.AsSpan(0xE1, 14), _chip.Registers.AsSpan(0, 5)).ShouldBe(Published);

    [Theory]
    [InlineData(25, 25)]
    [InlineData(63, 63)]
    [InlineData(64, 0x40 | 16)]
    [InlineData(150, 0x40 | 37)]
    [InlineData(4032, 0xC0 | 63)]
    public void The_time_of_the_heater_is_six_bits_and_a_power_of_four(int milliseconds, byte register) =>
        Bme680Formulas.HeaterTimeRegister(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(register);

    [Fact]
    public void The_heater_gets_the_register_that_the_formula_gives()
    {
        // By hand: var1 = 46, var2 = 0.00226219, var3 = 0.01758; target 300, ambient 19: 3.4 × ((46 × 1.678656 + 0.334) × 0.8 / 1.092 - 25) = 108.2.
        new Bme680Formulas(Published).HeaterRegister(300, 19).ShouldBe((byte)108);
    }

    [Fact]
    public void A_measurement_is_forced_waited_for_and_compensated()
    {
        var sample = Open().Measure(default);

        sample.IsGood.ShouldBeTrue(sample.Fault?.Message);
        sample.Value!["temperature"].Value.ShouldBe(20.489485, 1e-6);
        sample.Value["pressure"].Value.ShouldBe(1000.89609193, 1e-6);
        sample.Value["humidity"].Value.ShouldBe(64.456540, 1e-6);
        sample.Value["gas"].Value.ShouldBe(new Bme680Formulas(Published).GasOhms(930, 9), 1e-6);
        _chip.Writes.Select(write => write[..2]).ShouldBe(["e0", "5a", "64", "71", "72", "74"]);
        _chip.Registers[0x74].ShouldBe((byte)0b010_011_01);
        _bench.Kernel.Paused.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(175));
    }

    [Fact]
    public void A_heater_that_did_not_get_hot_is_the_fault_of_the_gas_only()
    {
        _chip.Registers[0x2B] &= 0xEF;

        var sample = Open().Measure(default).Value!;

        sample["gas"].Fault!.ShouldContain("has not reached the temperature of its heater (320 °C)");
        sample["temperature"].IsGood.ShouldBeTrue();
    }

    [Fact]
    public void The_wide_variant_has_its_own_registers_and_formula()
    {
        _chip.Registers[0xF0] = 1;
        (_chip.Registers[0x2C], _chip.Registers[0x2D]) = (512 >> 2, 0x30 | 2);

        var sample = Open().Measure(default).Value!;

        sample["gas"].Value.ShouldBe(1_000_000.0 * 65536 / 4096, 1e-6);
        _chip.Registers[0x71].ShouldBe((byte)0x20);
    }

    [Fact]
    public void Another_chip_at_the_address_is_told_by_its_id()
    {
        _chip.Registers[0xD0] = 0x60;

        Open().Measure(default).Fault!.Message.ShouldContain("is another chip: its id is 0x60");
    }

    [Fact]
    public void A_measurement_that_never_ends_is_given_up()
    {
        _chip.Registers[0x1D] = 0;

        Open().Measure(default).Fault!.Kind.ShouldBe(HardwareFaultKind.TimedOut);
    }

    private IChip Open() => _bench.Board.OpenChip("bme680", 1, 0x76, new ChipSettings()).Value!;

    private void WriteCalibration()
    {
        var c = Published;
        void Word(int register, int value) => (_chip.Registers[register], _chip.Registers[register + 1]) = ((byte)value, (byte)(value >> 8));
        void Byte(int register, int value) => _chip.Registers[register] = (byte)value;

        Word(0xE9, c.T1);
        Word(0x8A, c.T2);
        Byte(0x8C, c.T3);
        Word(0x8E, c.P1);
        Word(0x90, c.P2);
        Byte(0x92, c.P3);
        Word(0x94, c.P4);
        Word(0x96, c.P5);
        Byte(0x98, c.P7);
        Byte(0x99, c.P6);
        Word(0x9C, c.P8);
        Word(0x9E, c.P9);
        Byte(0xA0, c.P10);
        Byte(0xE1, c.H2 >> 4);
        Byte(0xE2, ((c.H2 & 0xF) << 4) | (c.H1 & 0xF));
        Byte(0xE3, c.H1 >> 4);
        Byte(0xE4, c.H3);
        Byte(0xE5, c.H4);
        Byte(0xE6, c.H5);
        Byte(0xE7, c.H6);
        Byte(0xE8, c.H7);
        Word(0xEB, c.G2);
        Byte(0xED, c.G1);
        Byte(0xEE, c.G3);
        Byte(0x00, c.HeaterValue);
        Byte(0x02, c.HeaterRange << 4);
        Byte(0x04, 0x13);
    }

    private void WriteMeasurement()
    {
        _chip.Registers[0x1D] = 0x80;
        Convert.FromHexString("504b40").CopyTo(_chip.Registers, 0x1F);
        Convert.FromHexString("762d60").CopyTo(_chip.Registers, 0x22);
        Convert.FromHexString("6092").CopyTo(_chip.Registers, 0x25);
        (_chip.Registers[0x2A], _chip.Registers[0x2B]) = (232, 0x80 | 0x30 | 9);
    }
}
