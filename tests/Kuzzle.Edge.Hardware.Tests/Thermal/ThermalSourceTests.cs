using Kuzzle.Edge.Hardware.Thermal;

namespace Kuzzle.Edge.Hardware.Tests.Thermal;

public sealed class ThermalSourceTests : IDisposable
{
    private readonly SysfsTree _sys = new();

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData("gpu-thermal")]
    [InlineData("thermal_zone1")]
    public void A_zone_is_found_by_type_or_folder(string zone)
    {
        _sys["class/thermal/cooling_device0/type"] = "gpu-thermal";
        _sys["class/thermal/thermal_zone0/type"] = "cpu-thermal";
        _sys["class/thermal/thermal_zone0/temp"] = "42932";
        _sys["class/thermal/thermal_zone1/type"] = "gpu-thermal";
        _sys["class/thermal/thermal_zone1/temp"] = "41000";

        new ThermalSource(zone, _sys.Root).Measure(default).Value.ShouldBe(41);
    }

    [Fact]
    public void Without_a_name_the_first_zone_is_taken()
    {
        _sys["class/thermal/thermal_zone0/type"] = "cpu-thermal";
        _sys["class/thermal/thermal_zone0/temp"] = "42932";

        new ThermalSource(zone: null, _sys.Root).Measure(default).Value.ShouldBe(42.932, 1e-9);
    }

    [Fact]
    public void A_zone_that_is_not_there_is_told() =>
        new ThermalSource("cpu-thermal", _sys.Root).Measure(default).Fault.ShouldBe($"There is no thermal zone cpu-thermal under {_sys.Root}/class/thermal.");
}
