using Kuzzle.Edge.Hardware.Hwmon;

namespace Kuzzle.Edge.Hardware.Tests.Hwmon;

public sealed class HwmonSourceTests : IDisposable
{
    private readonly SysfsTree _sys = new();

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData("temp1", "23500", 23.5, "temperature", "°C")]
    [InlineData("temp1", "-10250", -10.25, "temperature", "°C")]
    [InlineData("in0", "3312", 3.312, "voltage", "V")]
    [InlineData("curr1", "250", 0.25, "current", "A")]
    [InlineData("power1", "1250000", 1.25, "power", "W")]
    [InlineData("humidity1", "45310", 45.31, "humidity", "%")]
    [InlineData("fan1", "1200", 1200, "rotation", "1/min")]
    public void A_channel_is_scaled_as_the_kernels_ABI_says(string channel, string content, double value, string kind, string unit)
    {
        _sys["class/hwmon/hwmon0/name"] = "chip";
        _sys[$"class/hwmon/hwmon0/{channel}_input"] = content;
        var source = new HwmonSource("chip", channel, _sys.Root);

        var measured = source.Measure(default);

        measured.IsGood.ShouldBeTrue(measured.Fault);
        measured.Value.ShouldBe(value, 1e-9);
        (source.Kind, source.Unit).ShouldBe((kind, unit));
    }

    [Fact]
    public void A_chip_is_found_by_its_name_whatever_its_number()
    {
        _sys["class/hwmon/hwmon0/name"] = "rpi_volt";
        _sys["class/hwmon/hwmon10/name"] = "lm75";
        _sys["class/hwmon/hwmon10/temp1_input"] = "61000";

        new HwmonSource("lm75", channel: null, _sys.Root).Measure(default).Value.ShouldBe(61);
    }

    [Fact]
    public void An_input_can_be_named_by_its_label()
    {
        _sys["class/hwmon/hwmon0/name"] = "coretemp";
        _sys["class/hwmon/hwmon0/temp1_label"] = "Package id 0";
        _sys["class/hwmon/hwmon0/temp1_input"] = "50000";
        _sys["class/hwmon/hwmon0/temp2_label"] = "Core 0";
        _sys["class/hwmon/hwmon0/temp2_input"] = "48000";

        new HwmonSource("coretemp", "Core 0", _sys.Root).Measure(default).Value.ShouldBe(48);
    }

    [Fact]
    public void A_chip_that_goes_is_told_by_file_and_found_again_under_another_number()
    {
        _sys["class/hwmon/hwmon0/name"] = "lm75";
        _sys["class/hwmon/hwmon0/temp1_input"] = "20000";
        var source = new HwmonSource("lm75", "temp1", _sys.Root);
        source.Measure(default).IsGood.ShouldBeTrue();

        _sys.Remove("class/hwmon/hwmon0");
        source.Measure(default).Fault.ShouldBe($"{_sys.Root}/class/hwmon/hwmon0/temp1_input is gone.");
        source.Measure(default).Fault!.ShouldContain("There is no hwmon lm75 temp1");

        _sys["class/hwmon/hwmon3/name"] = "lm75";
        _sys["class/hwmon/hwmon3/temp1_input"] = "21000";
        source.Measure(default).Value.ShouldBe(21);
    }

    [Fact]
    public void A_file_that_holds_no_number_is_told_with_what_it_holds()
    {
        _sys["class/hwmon/hwmon0/name"] = "lm75";
        _sys["class/hwmon/hwmon0/temp1_input"] = "N/A";

        new HwmonSource("lm75", "temp1", _sys.Root).Measure(default).Fault!.ShouldEndWith("holds no number: 'N/A'.");
    }

    [Fact]
    public void A_machine_without_the_class_says_what_it_lacks() =>
        new HwmonSource("lm75", "temp1", _sys.Root).Measure(default).Fault.ShouldBe($"There is no hwmon lm75 temp1 under {_sys.Root}/class/hwmon.");

    [KernelSensorFact]
    public void The_first_temperature_of_this_very_machine_is_plausible()
    {
        var measured = new HwmonSource(chip: null, channel: null).Measure(default);

        measured.IsGood.ShouldBeTrue(measured.Fault);
        measured.Value.ShouldBeInRange(-60, 150);
    }
}
