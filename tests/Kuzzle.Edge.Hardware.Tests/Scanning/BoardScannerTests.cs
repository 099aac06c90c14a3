using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Scanning;
using Kuzzle.Edge.Hardware.Tests.I2c;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Scanning;

public sealed class BoardScannerTests : IDisposable
{
    private readonly I2cBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_bus_is_told_with_who_answers_and_what_drivers_hold()
    {
        _bench.Adapter.Chips[0x76] = new RegisterChip();
        _bench.Adapter.Chips[0x20] = new RegisterChip();
        _bench.Hold(0x48, "tmp105", "lm75");

        var bus = Scan().I2cBuses.ShouldHaveSingleItem();

        (bus.Number, bus.Name, bus.Fault).ShouldBe((1, "bcm2835 (i2c@7e804000)", null));
        bus.Chips.Select(chip => chip.Address).ShouldBe([0x20, 0x48, 0x76]);
        (bus.Chips[1].Driver, bus.Chips[1].DeviceName).ShouldBe(("lm75", "tmp105"));
        bus.Chips[1].LikelyChips.ShouldBe(["tmp105"]);
        bus.Chips[0].LikelyChips.ShouldContain("mcp23017");
        bus.Chips[2].LikelyChips.ShouldBe(["bme280", "bme680", "bmp280", "bmp380", "dps310"]);
        _bench.Adapter.Log.ShouldNotContain(entry => entry.Contains(" 48 ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bus_that_hangs_is_given_up_soon()
    {
        _bench.Adapter.Failure = -Errno.TimedOut;

        var bus = Scan().I2cBuses.ShouldHaveSingleItem();

        bus.Fault!.Kind.ShouldBe(HardwareFaultKind.TimedOut);
        _bench.Adapter.Log.Count.ShouldBe(2);
    }

    [Fact]
    public void A_bus_that_may_not_be_opened_is_listed_with_the_reason()
    {
        _bench.Kernel.Nodes[Path.Combine(_bench.Paths.Devices, "i2c-1")] = -Errno.Access;

        Scan().I2cBuses.ShouldHaveSingleItem().Fault!.Kind.ShouldBe(HardwareFaultKind.NotAllowed);
    }

    [Fact]
    public void A_bus_that_is_not_asked_for_is_not_probed()
    {
        _bench.Board.Scanner.Scan(new ScanRequest { I2cBuses = [0] }).I2cBuses.ShouldHaveSingleItem().Chips.ShouldBeEmpty();

        _bench.Adapter.Log.ShouldBeEmpty();
    }

    [Fact]
    public void Devices_of_the_kernel_are_told_with_their_channels()
    {
        _bench.Tree["sys/class/hwmon/hwmon0/name"] = "coretemp";
        _bench.Tree["sys/class/hwmon/hwmon0/temp1_input"] = "50000";
        _bench.Tree["sys/class/hwmon/hwmon0/temp1_label"] = "Package id 0";
        _bench.Tree["sys/class/hwmon/hwmon0/intrusion0_alarm"] = "0";
        _bench.Tree["sys/bus/iio/devices/iio:device0/name"] = "bme280";
        _bench.Tree["sys/bus/iio/devices/iio:device0/in_temp_input"] = "21000";
        _bench.Tree["sys/bus/iio/devices/iio:device0/in_humidityrelative_raw"] = "1";
        _bench.Tree["sys/bus/iio/devices/iio:device0/in_humidityrelative_input"] = "45000";
        _bench.Tree["sys/bus/iio/devices/iio:device0/in_temp_mean_raw"] = "1";
        _bench.Tree["sys/bus/iio/devices/trigger0/name"] = "sysfstrig0";
        _bench.Tree["sys/class/thermal/thermal_zone0/type"] = "cpu-thermal";
        _bench.Tree["sys/class/thermal/cooling_device0/type"] = "Processor";

        var scan = Scan();

        var hwmon = scan.Hwmon.ShouldHaveSingleItem();
        (hwmon.Node, hwmon.Name).ShouldBe(("hwmon0", "coretemp"));
        hwmon.Channels.ShouldBe([new KernelChannelFinding("temp1", "Package id 0", "temperature", "°C")]);
        var iio = scan.Iio.ShouldHaveSingleItem();
        iio.Channels.ShouldBe([new KernelChannelFinding("humidityrelative", null, "humidity", "%"), new KernelChannelFinding("temp", null, "temperature", "°C")]);
        scan.ThermalZones.ShouldBe([new ThermalZoneFinding("thermal_zone0", "cpu-thermal")]);
    }

    [Fact]
    public void Lines_thermometers_and_PWM_chips_are_told()
    {
        _bench.Tree["dev/gpiochip0"] = "";
        _bench.Kernel.Nodes[Path.Combine(_bench.Paths.Devices, "gpiochip0")] = new FakeGpioChip("pinctrl", new FakeGpioLine("GPIO4"));
        _bench.Tree["sys/bus/w1/devices/28-00000abcdef0/w1_slave"] = "";
        _bench.Tree["sys/bus/w1/devices/29-000000000001/state"] = "";
        _bench.Tree["sys/bus/w1/devices/w1_bus_master1/w1_master_slaves"] = "";
        _bench.Tree["sys/class/pwm/pwmchip0/npwm"] = "4";

        var scan = Scan();

        scan.GpioChips.ShouldHaveSingleItem().Lines.ShouldHaveSingleItem().Name.ShouldBe("GPIO4");
        scan.OneWire.ShouldBe([new OneWireFinding("28-00000abcdef0", "DS18B20", IsThermometer: true), new OneWireFinding("29-000000000001", "DS2408, switch", IsThermometer: false)]);
        scan.PwmChips.ShouldHaveSingleItem().Channels.ShouldBe(4);
    }

    [Fact]
    public void A_machine_without_anything_is_told_as_empty()
    {
        using var nothing = new Board(new BoardPaths { Sysfs = "/nonexistent/sys", Devices = "/nonexistent/dev" });

        var scan = nothing.Scanner.Scan(new ScanRequest());

        (scan.I2cBuses.Count, scan.Hwmon.Count, scan.Iio.Count, scan.ThermalZones.Count, scan.GpioChips.Count, scan.OneWire.Count, scan.PwmChips.Count).ShouldBe((0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void This_very_machine_can_be_scanned_whatever_it_has()
    {
        using var board = new Board(new BoardPaths());

        var scan = board.Scanner.Scan(new ScanRequest { I2cBuses = [] });

        scan.I2cBuses.ShouldAllBe(bus => bus.Chips.Count == 0);
    }

    private BoardScan Scan() => _bench.Board.Scanner.Scan(new ScanRequest());
}
