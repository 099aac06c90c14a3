using Kuzzle.Edge.Hardware.Iio;

namespace Kuzzle.Edge.Hardware.Tests.Iio;

public sealed class IioSourceTests : IDisposable
{
    private const string Device = "bus/iio/devices/iio:device0";

    private readonly SysfsTree _sys = new();

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData("temp", "21520", 21.52, "temperature", "°C")]
    [InlineData("humidityrelative", "45123", 45.123, "humidity", "%")]
    [InlineData("pressure", "101.325", 1013.25, "pressure", "hPa")]
    [InlineData("illuminance", "312.5", 312.5, "illuminance", "lx")]
    public void A_value_that_the_driver_has_computed_is_scaled_to_the_usual_unit(string channel, string content, double value, string kind, string unit)
    {
        _sys[$"{Device}/name"] = "bme280";
        _sys[$"{Device}/in_{channel}_input"] = content;
        var source = new IioSource("bme280", channel, _sys.Root);

        source.Measure(default).Value.ShouldBe(value, 1e-9);
        (source.Kind, source.Unit).ShouldBe((kind, unit));
    }

    [Fact]
    public void A_raw_value_is_offset_and_scaled_by_the_attributes_of_its_channel()
    {
        _sys[$"{Device}/name"] = "ads1015";
        _sys[$"{Device}/in_voltage0_raw"] = "1000";
        _sys[$"{Device}/in_voltage0_scale"] = "3.000000000";

        new IioSource("ads1015", "voltage0", _sys.Root).Measure(default).Value.ShouldBe(3, 1e-9);
    }

    [Fact]
    public void Attributes_that_channels_share_are_found_under_the_name_of_the_type()
    {
        _sys[$"{Device}/name"] = "xadc";
        _sys[$"{Device}/in_temp0_raw"] = "2400";
        _sys[$"{Device}/in_temp_offset"] = "-2219";
        _sys[$"{Device}/in_temp_scale"] = "123.040771484";

        new IioSource("xadc", "temp0", _sys.Root).Measure(default).Value.ShouldBe(22.270379638604, 1e-6);
    }

    [Fact]
    public void A_scale_that_cannot_be_read_is_a_fault_and_not_a_wrong_value()
    {
        _sys[$"{Device}/name"] = "ads1015";
        _sys[$"{Device}/in_voltage0_raw"] = "1000";
        _sys[$"{Device}/in_voltage0_scale"] = "";

        new IioSource("ads1015", "voltage0", _sys.Root).Measure(default).Fault!.ShouldContain("in_voltage0_scale holds no number");
    }
}
