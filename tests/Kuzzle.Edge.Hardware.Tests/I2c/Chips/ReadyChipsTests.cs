using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.I2c.Chips;

/// <summary>Bytes as the chips send them, and the values that their datasheets' formulas make of them, computed by hand.</summary>
public sealed class ReadyChipsTests : IDisposable
{
    private readonly I2cBench _bench = new();
    private readonly CommandChip _chip = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_chip_has_a_map_without_faults_and_its_first_address()
    {
        foreach (var ready in ReadyChips.All.Where(chip => chip.Name != "bme680"))
        {
            var map = ReadyChips.FindMap(ready.Name, new ChipSettings()).ShouldNotBeNull(ready.Name);
            map.FindFaults().ShouldBeEmpty(ready.Name);
            map.Name.ShouldBe(ready.Name);
            map.Channels.ShouldBe(ready.Channels);
        }

        ReadyChips.All.Select(chip => chip.Name).ShouldBe(
            ["aht10", "aht20", "bme680", "hdc1080", "htu21d", "ina219", "ina226", "scd40", "scd41", "sgp30", "sgp40", "si7021", "tmp117", "tsl2561"]);
        foreach (var ready in ReadyChips.All) _bench.Board.OpenChip(ready.Name, 1, ready.Addresses[0], new ChipSettings()).IsGood.ShouldBeTrue(ready.Name);
    }

    [Theory]
    [InlineData("aht10", 0x38, "e10800")]
    [InlineData("aht20", 0x38, "be0800")]
    public void An_AHT_splits_its_twenty_bits(string name, int address, string setUp)
    {
        Answer(("ba", ""), (setUp, "18"), ("ac3300", "1880000600002a")); // Humidity 0x80000, temperature 0x60000; CRC-8 of the six bytes is in the test below.
        if (name == "aht20") _chip.Answers["ac3300"] = WithCrc("188000060000");

        var values = Measure(name, address);

        values["humidity"].ShouldBe(50, 1e-9);
        values["temperature"].ShouldBe(25, 1e-9);
    }

    [Fact]
    public void An_AHT_that_is_not_calibrated_is_told()
    {
        Answer(("ba", ""), ("be0800", "10"));

        var fault = Open("aht20", 0x38).Measure(default).Fault!;

        fault.Kind.ShouldBe(HardwareFaultKind.TimedOut);
    }

    [Theory]
    [InlineData("si7021")]
    [InlineData("htu21d")]
    public void A_Si7021_and_its_twin_are_read_without_holding_the_clock(string name)
    {
        // The example of HTU21D's datasheet: 0x683A is 24.7 °C, 0x4E85 32.3 %; the two lowest bits are status.
        Answer(("fe", ""), ("f5", "4e856b"), ("f3", "683a7c"));

        var values = Measure(name, 0x40);

        values["temperature"].ShouldBe(24.69, 0.01);
        values["humidity"].ShouldBe(32.3, 0.05);
    }

    [Fact]
    public void An_HDC1080_measures_both_in_one_go()
    {
        Answer(("021000", ""), ("00", "66668000"));

        var values = Measure("hdc1080", 0x40);

        values["temperature"].ShouldBe(26, 0.002);
        values["humidity"].ShouldBe(50, 1e-9);
    }

    [Theory]
    [InlineData("0c80", 25)]
    [InlineData("0001", 0.0078125)]
    [InlineData("ffff", -0.0078125)]
    [InlineData("f380", -25)]
    public void A_TMP117_counts_in_128ths_of_a_degree(string answer, double celsius)
    {
        Answer(("00", answer));

        Measure("tmp117", 0x48)["temperature"].ShouldBe(celsius, 1e-12);
    }

    [Fact]
    public void A_TMP117_before_its_first_conversion_has_no_value()
    {
        Answer(("00", "8000"));

        Open("tmp117", 0x48).Measure(default).Value!["temperature"].IsGood.ShouldBeFalse();
    }

    [Fact]
    public void An_INA219_knows_the_current_by_its_shunt()
    {
        // 12 V: 3000 × 4 mV, shifted by three. 200 mV across 0.1 Ω: 20 000 × 10 µV.
        Answer(("00399f", ""), ("02", "5dc2"), ("01", "4e20"));

        var values = Measure("ina219", 0x40);

        values["voltage"].ShouldBe(12, 1e-9);
        values["current"].ShouldBe(2, 1e-9);
        values["power"].ShouldBe(24, 1e-9);
    }

    [Fact]
    public void An_INA226_counts_finer_and_the_current_may_flow_back()
    {
        // 9584 × 1.25 mV; -4000 × 2.5 µV across 2 mΩ.
        Answer(("004127", ""), ("02", "2570"), ("01", "f060"));

        var values = Measure("ina226", 0x41, new ChipSettings { ShuntOhms = 0.002 });

        values["voltage"].ShouldBe(11.98, 1e-9);
        values["current"].ShouldBe(-5, 1e-9);
        values["power"].ShouldBe(-59.9, 1e-9);
    }

    [Fact]
    public void An_SCD4x_is_stopped_started_and_waited_for()
    {
        // The example of its datasheet: 500 ppm, 25 °C, 37 %.
        Answer(("21b1", ""), ("e4b8", WithCrc("8000")), ("ec05", "01f4336667a25eb93c"));
        var looks = 0;
        _bench.Kernel.WhilePaused = () =>
        {
            if (_chip.Commands[^1] == "e4b8" && ++looks == 20) _chip.Answers["e4b8"] = WithCrc("8006");
        };

        var values = Measure("scd41", 0x62);

        values["co2"].ShouldBe(500);
        values["temperature"].ShouldBe(25, 0.01);
        values["humidity"].ShouldBe(37, 0.01);
        _chip.Commands[0].ShouldBe("3f86"); // Not acknowledged, for nothing ran: that is no fault.
        _chip.Commands[1].ShouldBe("21b1");
    }

    [Fact]
    public void An_SGP30_tells_what_it_makes_of_the_air()
    {
        Answer(("2003", ""), ("2008", WithCrc("0190") + WithCrc("000c")));

        var values = Measure("sgp30", 0x58);

        (values["co2"], values["voc"]).ShouldBe((400, 12));
    }

    [Fact]
    public void An_SGP40_is_told_humidity_and_temperature_with_their_checksums()
    {
        Answer(("260f8000a2666693", WithCrc("7530")));

        var values = Measure("sgp40", 0x59);

        values["raw"].ShouldBe(30000);
        values["voc"].ShouldBe(0, "it warms up");
    }

    [Fact]
    public void An_answer_of_Sensirion_carries_the_checksum_of_its_datasheets()
    {
        Answer(("260f8000a2666693", "beef92"));

        Measure("sgp40", 0x59)["raw"].ShouldBe(0xBEEF);
    }

    [Fact]
    public void An_answer_of_a_real_AHT20_is_what_somebody_else_made_of_it()
    {
        Answer(("ba", ""), ("be0800", "18"), ("ac3300", "1c3b5e8688b2d2")); // Published with its checksum found right, 23.191071 % and 31.674576 °C.

        var values = Measure("aht20", 0x38);

        values["humidity"].ShouldBe(23.191071, 1e-6);
        values["temperature"].ShouldBe(31.674576, 1e-6);
    }

    [Fact]
    public void The_example_of_INA219s_datasheet_is_ten_amperes_at_twelve_volts()
    {
        Answer(("00399f", ""), ("02", "5d98"), ("01", "07d0")); // 20 mV across 2 mΩ, 11.98 V.

        var values = Measure("ina219", 0x40, new ChipSettings { ShuntOhms = 0.002 });

        values["voltage"].ShouldBe(11.98, 1e-9);
        values["current"].ShouldBe(10, 1e-9);
        values["power"].ShouldBe(119.8, 1e-9);
    }

    [Fact]
    public void The_example_of_INA226s_datasheet_is_ten_amperes_at_twelve_volts()
    {
        Answer(("004127", ""), ("02", "2570"), ("01", "1f40")); // 20 mV across 2 mΩ, 11.98 V.

        var values = Measure("ina226", 0x40, new ChipSettings { ShuntOhms = 0.002 });

        values["voltage"].ShouldBe(11.98, 1e-9);
        values["current"].ShouldBe(10, 1e-9);
        values["power"].ShouldBe(119.8, 1e-9);
    }

    [Theory]
    [InlineData("7fff", 255.9921875)]
    [InlineData("6400", 200)]
    [InlineData("0000", 0)]
    [InlineData("e480", -55)]
    public void A_TMP117_gives_the_values_of_its_datasheets_table(string answer, double celsius)
    {
        Answer(("00", answer));

        Measure("tmp117", 0x48)["temperature"].ShouldBe(celsius, 1e-9);
    }

    [Theory]
    [InlineData("00000000", -40, 0)]
    [InlineData("ffffffff", 124.99748, 99.99847)]
    [InlineData("63336333", 23.9369965, 38.7496948)] // (0x6333 / 65536) × 165 - 40, and × 100.
    public void An_HDC1080_spans_what_its_datasheet_says(string answer, double celsius, double humidity)
    {
        Answer(("021000", ""), ("00", answer));

        var values = Measure("hdc1080", 0x40);

        values["temperature"].ShouldBe(celsius, 1e-4);
        values["humidity"].ShouldBe(humidity, 1e-4);
    }

    [Theory]
    [InlineData(1000, 150)]
    [InlineData(1000, 400)]
    [InlineData(1000, 570)]
    [InlineData(2000, 1500)]
    [InlineData(1000, 1100)]
    public void A_TSL2561_agrees_with_the_whole_numbers_that_its_maker_gives_to_small_processors(int broadband, int infrared)
    {
        Answer(("8003", ""), ("8102", ""), ("ac", LittleEndian(broadband)), ("ae", LittleEndian(infrared)));

        Measure("tsl2561", 0x39)["illuminance"].ShouldBe(IntegerLux(16L * broadband, 16L * infrared), 16 * broadband * 0.0009 + 1);
    }

    [Theory]
    [InlineData("6400", "1400", 0, 100, 20)] // ratio 0.2
    [InlineData("6400", "3700", 0, 100, 55)]
    [InlineData("6400", "4600", 0, 100, 70)]
    [InlineData("6400", "6400", 0, 100, 100)]
    [InlineData("6400", "c800", 0, 100, 200)]
    public void A_TSL2561_subtracts_the_infrared_by_its_five_formulas(string broadband, string infrared, int from, int ch0, int ch1)
    {
        Answer(("8003", ""), ("8102", ""), ("ac", broadband), ("ae", infrared));
        var (a, b) = (16.0 * ch0, 16.0 * ch1); // Gain 1 instead of 16.
        var ratio = b / a;
        var lux = ratio <= 0.5 ? (0.0304 * a) - (0.062 * a * Math.Pow(ratio, 1.4))
            : ratio <= 0.61 ? (0.0224 * a) - (0.031 * b)
            : ratio <= 0.8 ? (0.0128 * a) - (0.0153 * b)
            : ratio <= 1.3 ? (0.00146 * a) - (0.00112 * b)
            : from;

        Measure("tsl2561", 0x39)["illuminance"].ShouldBe(lux, 1e-9);
    }

    [Fact]
    public void A_TSL2561_in_too_much_light_has_no_value()
    {
        Answer(("8003", ""), ("8102", ""), ("ac", "ffff"), ("ae", "1000"));

        Open("tsl2561", 0x39).Measure(default).Value!["illuminance"].IsGood.ShouldBeFalse();
    }

    [Fact]
    public void A_TMP117_works_behind_an_adapter_that_knows_SMBus_only()
    {
        using var bench = new I2cBench(FakeI2cAdapter.SmbusOnly);
        var chip = new RegisterChip();
        chip.Registers[0] = 0x0C;
        chip.Registers[1] = 0x80;
        bench.Adapter.Chips[0x48] = chip;

        bench.Board.OpenChip("tmp117", 1, 0x48, new ChipSettings()).Value!.Measure(default).Value!["temperature"].Value.ShouldBe(25);
    }

    [Fact]
    public void A_chip_is_shared_by_all_who_open_it()
    {
        Open("aht20", 0x38).ShouldBeSameAs(Open("AHT20", 0x38));
        Open("ina219", 0x40).ShouldNotBeSameAs(Open("ina219", 0x41));
    }

    [Fact]
    public void A_chip_that_is_not_known_or_cannot_be_there_is_refused_with_what_can()
    {
        _bench.Board.OpenChip("bme999", 1, 0x76, new ChipSettings()).Fault!.Message.ShouldContain("there is one for aht10, aht20");
        _bench.Board.OpenChip("aht20", 1, 0x39, new ChipSettings()).Fault!.Message.ShouldBe("aht20 cannot be at 0x39; it can be at 0x38.");
        _bench.Board.OpenChip("aht20", 5, 0x38, new ChipSettings()).Fault!.Kind.ShouldBe(HardwareFaultKind.NotFound);
    }

    /// <summary>With the checksum of Sensirion and Aosong: 0x31 from 0xFF.</summary>
    private static string WithCrc(string word) =>
        word + Hardware.I2c.Registers.RegisterCrc.Sensirion.Compute(Convert.FromHexString(word)).ToString("x2", System.Globalization.CultureInfo.InvariantCulture);

    private static string LittleEndian(int word) => FormattableString.Invariant($"{word & 0xFF:x2}{word >> 8:x2}");

    /// <summary>The approximation for the packages T, FN and CL: slopes in 2^-14 between steps of the ratio in 2^-9.</summary>
    private static long IntegerLux(long broadband, long infrared)
    {
        var ratio = ((infrared << 10) / broadband + 1) >> 1;
        (int Ratio, int B, int M)[] steps = [(0x40, 0x1F2, 0x1BE), (0x80, 0x214, 0x2D1), (0xC0, 0x23F, 0x37B), (0x100, 0x270, 0x3FE), (0x138, 0x16F, 0x1FC), (0x19A, 0xD2, 0xFB), (0x29A, 0x18, 0x12)];
        var (_, b, m) = Array.Find(steps, step => ratio <= step.Ratio);
        return (Math.Max(0, (broadband * b) - (infrared * m)) + (1 << 13)) >> 14;
    }

    private void Answer(params (string Command, string Answer)[] answers)
    {
        foreach (var (command, answer) in answers) _chip.Answers[command] = answer;
    }

    private IChip Open(string name, int address, ChipSettings? settings = null)
    {
        _bench.Adapter.Chips[address] = _chip;
        var chip = _bench.Board.OpenChip(name, 1, address, settings ?? new ChipSettings());
        chip.IsGood.ShouldBeTrue(chip.Fault?.Message);
        return chip.Value!;
    }

    private Dictionary<string, double> Measure(string name, int address, ChipSettings? settings = null)
    {
        var sample = Open(name, address, settings).Measure(default);
        sample.IsGood.ShouldBeTrue(sample.Fault?.Message);
        foreach (var (channel, measured) in sample.Value!) measured.IsGood.ShouldBeTrue($"{channel}: {measured.Fault}");
        return sample.Value.ToDictionary(channel => channel.Key, channel => channel.Value.Value);
    }
}
