using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.OneWire;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.OneWire;

public sealed class OneWireThermometerTests : IDisposable
{
    private const string Id = "28-00000abcdef0";
    private const string Device = $"bus/w1/devices/{Id}";

    private readonly SysfsTree _sys = new();
    private readonly FakeKernel _kernel = new();

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125", 23.125)]
    [InlineData("3f 00 4b 46 7f ff 01 10 47 : crc=47 YES\n3f 00 4b 46 7f ff 01 10 47 t=3937", 3.937)]
    public void A_temperature_is_that_of_the_driver(string file, double celsius)
    {
        _sys[$"{Device}/w1_slave"] = file;

        var measured = new OneWireThermometer(Id, resolutionBits: null, _sys.Root).Measure(default);

        measured.IsGood.ShouldBeTrue(measured.Fault);
        measured.Value.ShouldBe(celsius, 1e-9);
    }

    [Theory]
    [InlineData("72 01 4b 46 7f ff 0e 10 56 : crc=57 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125", "checksum is wrong")]
    [InlineData("73 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n73 01 4b 46 7f ff 0e 10 57 t=23187", "checksum is wrong")]
    [InlineData("00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0", "zeros only")]
    [InlineData("50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000", "says 85 °C")]
    [InlineData("nothing", "which is no memory of a thermometer")]
    public void What_is_no_temperature_is_a_fault(string file, string fault)
    {
        _sys[$"{Device}/w1_slave"] = file;

        new OneWireThermometer(Id, resolutionBits: null, _sys.Root).Measure(default).Fault.ShouldNotBeNull().ShouldContain(fault);
    }

    [Fact]
    public void Eighty_five_degrees_are_believed_where_it_was_that_warm_before()
    {
        var source = new OneWireThermometer(Id, resolutionBits: null, _sys.Root);
        _sys[$"{Device}/w1_slave"] = Line("40 05 4b 46 7f ff 0c 10", 84000);
        source.Measure(default).Value.ShouldBe(84);

        _sys[$"{Device}/w1_slave"] = Line("50 05 4b 46 7f ff 0c 10", 85000);

        source.Measure(default).Value.ShouldBe(85);
    }

    [Fact]
    public void The_checksum_is_that_of_the_chips() => Scratchpad.Checksum(Convert.FromHexString("5005" + "4b467fff0c10")).ShouldBe((byte)0x1C);

    [Fact]
    public void Without_an_id_the_first_thermometer_is_taken_and_no_other_device()
    {
        _sys["bus/w1/devices/01-000000000001/name"] = "serial number";
        _sys["bus/w1/devices/w1_bus_master1/w1_master_slaves"] = "";
        _sys[$"{Device}/w1_slave"] = Line("4b 01 4b 46 7f ff 05 10", 20687);
        var source = new OneWireThermometer(id: null, resolutionBits: null, _sys.Root);

        source.Measure(default).Value.ShouldBe(20.687, 1e-9);
        source.Description.ShouldBe($"1-Wire thermometer {Id}");
    }

    [Fact]
    public void The_resolution_is_set_once_and_a_refusal_told()
    {
        _sys[$"{Device}/w1_slave"] = Line("4b 01 4b 46 7f ff 05 10", 20687);
        var source = new OneWireThermometer(Id, resolutionBits: 10, _sys.Root, _kernel);
        _kernel.Reactions[Path.Combine(_sys.Root, Device, "resolution")] = _ => -Errno.Io;
        source.Measure(default).Fault!.ShouldContain("resolution does not take 10");

        _kernel.Reactions[Path.Combine(_sys.Root, Device, "resolution")] = text => text.Length;
        source.Measure(default).IsGood.ShouldBeTrue();
        source.Measure(default).IsGood.ShouldBeTrue();

        _kernel.Written.Count.ShouldBe(2);
        Should.Throw<ArgumentOutOfRangeException>(() => new OneWireThermometer(Id, resolutionBits: 13, _sys.Root));
    }

    [Fact]
    public void A_thermometer_that_was_unplugged_is_found_again()
    {
        var source = new OneWireThermometer(Id, resolutionBits: null, _sys.Root);
        source.Measure(default).Fault!.ShouldContain($"There is no 1-Wire thermometer {Id}");
        _sys[$"{Device}/w1_slave"] = Line("4b 01 4b 46 7f ff 05 10", 20687);
        source.Measure(default).IsGood.ShouldBeTrue();

        _sys.Remove(Device);
        source.Measure(default).Fault!.ShouldContain("does not answer");
        source.Measure(default).Fault!.ShouldContain("There is no 1-Wire thermometer");
    }

    private static string Line(string bytes, int milli)
    {
        var crc = Scratchpad.Checksum(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        return $"{bytes} {crc:x2} : crc={crc:x2} YES\n{bytes} {crc:x2} t={milli}";
    }
}
