using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Tests.I2c;

namespace Kuzzle.Edge.Hardware.Tests.Binding;

public sealed class SysfsChipBinderTests : IDisposable
{
    private const string Bus = "sys/bus/i2c/devices/i2c-1";

    private readonly I2cBench _bench = new();
    private readonly List<string> _told = [];

    public SysfsChipBinderTests()
    {
        _bench.Kernel.Reactions[Path.Combine(_bench.Tree.Root, Bus, "new_device")] = text =>
        {
            _told.Add($"new {text}");
            var words = text.Split(' ');
            _bench.Tree[$"sys/bus/i2c/devices/1-00{words[1][2..]}/name"] = words[0];
            return text.Length;
        };
        _bench.Kernel.Reactions[Path.Combine(_bench.Tree.Root, Bus, "delete_device")] = text =>
        {
            _told.Add($"delete {text}");
            _bench.Tree.Remove($"sys/bus/i2c/devices/1-00{text[2..]}");
            return text.Length;
        };
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_chip_is_bound_when_its_values_appear()
    {
        var looks = 0;
        _bench.Kernel.WhilePaused = () =>
        {
            if (++looks == 5) _bench.Tree["sys/bus/i2c/devices/1-0048/hwmon/hwmon3/name"] = "lm75";
        };

        var bound = _bench.Board.Binder.Bind("tmp105", 1, 0x48);

        bound.Value.ShouldBe(new BoundChip("tmp105", 1, 0x48, KernelSubsystem.Hwmon, "hwmon3", "lm75", WasThere: false), bound.Fault?.Message);
        _told.ShouldBe(["new tmp105 0x48"]);
    }

    [Fact]
    public void Of_two_places_the_one_with_the_known_channels_is_told()
    {
        _bench.Kernel.WhilePaused = () =>
        {
            _bench.Tree["sys/bus/i2c/devices/1-0076/hwmon/hwmon0/name"] = "bme280";
            _bench.Tree["sys/bus/i2c/devices/1-0076/iio:device1/name"] = "bme280";
        };

        _bench.Board.Binder.Bind("bme280", 1, 0x76).Value!.Node.ShouldBe("iio:device1");
    }

    [Fact]
    public void A_chip_that_is_bound_already_is_found_and_not_bound_twice()
    {
        _bench.Tree["sys/bus/i2c/devices/1-0048/name"] = "lm75";
        _bench.Tree["sys/bus/i2c/devices/1-0048/hwmon/hwmon0/name"] = "lm75";

        _bench.Board.Binder.Bind("lm75", 1, 0x48).Value!.WasThere.ShouldBeTrue();

        _told.ShouldBeEmpty();
    }

    [Fact]
    public void An_address_that_is_another_chips_is_left_alone()
    {
        _bench.Tree["sys/bus/i2c/devices/1-0048/name"] = "ads1015";

        _bench.Board.Binder.Bind("lm75", 1, 0x48).Fault!.Message.ShouldBe("0x48 of i2c-1 is taken: the kernel has been told that it is 'ads1015', not 'lm75'.");
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void A_wrong_address_is_told_plainly_and_the_chip_removed_again()
    {
        _bench.Tree["sys/bus/i2c/drivers/lm75/bind"] = "";

        var fault = _bench.Board.Binder.Bind("lm75", 1, 0x49).Fault!;

        fault.Kind.ShouldBe(HardwareFaultKind.NoAnswer);
        fault.Message.ShouldContain("The driver lm75 found no 'lm75' at 0x49 of i2c-1: nobody answers there (error 121");
        _told.ShouldBe(["new lm75 0x49", "delete 0x49"]);
        _bench.Kernel.Paused.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("kernel/drivers/iio/pressure/bmp280.ko.xz: kernel/a.ko.xz", "this kernel (6.12.0) has no module bmp280-i2c")]
    [InlineData("kernel/drivers/iio/pressure/bmp280-i2c.ko.xz: kernel/drivers/iio/pressure/bmp280.ko.xz", "the module bmp280-i2c is there, but nothing has loaded it (modprobe bmp280-i2c)")]
    [InlineData("kernel/drivers/iio/pressure/bmp280_i2c.ko:", "nothing has loaded it")]
    public void A_missing_module_is_told_by_name(string modules, string message)
    {
        _bench.Tree["osrelease"] = "6.12.0";
        _bench.Tree["modules/6.12.0/modules.dep"] = modules;
        _bench.Tree["modules/6.12.0/modules.builtin"] = "kernel/drivers/gpio/gpio-pca953x.ko";

        var fault = _bench.Board.Binder.Bind("bme280", 1, 0x76).Fault!;

        fault.Kind.ShouldBe(HardwareFaultKind.NotSupported);
        fault.Message.ShouldContain(message);
        _told[^1].ShouldBe("delete 0x76");
    }

    [Fact]
    public void Without_lists_of_modules_the_fault_does_not_pretend_to_know() =>
        _bench.Board.Binder.Bind("bme280", 1, 0x76).Fault!.Message.ShouldContain("the module bmp280-i2c is not loaded, or this kernel has none");

    [Fact]
    public void A_chip_of_no_list_may_be_bound_by_whatever_driver_knows_it()
    {
        _bench.Kernel.WhilePaused = () => _bench.Tree["sys/bus/i2c/devices/1-0029/iio:device0/name"] = "tsl2591";

        _bench.Board.Binder.Bind("tsl2591", 1, 0x29).Value!.NodeName.ShouldBe("tsl2591");
    }

    [Fact]
    public void A_kernel_that_refuses_is_quoted()
    {
        _bench.Kernel.Reactions[Path.Combine(_bench.Tree.Root, Bus, "new_device")] = _ => -Errno.Access;

        _bench.Board.Binder.Bind("lm75", 1, 0x48).Fault.ShouldBe(new HardwareFault(HardwareFaultKind.NotAllowed, "The kernel does not take 'lm75' at 0x48 of i2c-1: Permission denied (error 13)."));
        _bench.Board.Binder.Bind("lm75", 6, 0x48).Fault!.Message.ShouldBe("There is no bus i2c-6.");
        _bench.Board.Binder.Bind("lm 75", 1, 0x48).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
        _bench.Board.Binder.Bind("lm75", 1, 0x80).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
    }

    [Fact]
    public void What_was_bound_can_be_removed()
    {
        _bench.Tree["sys/bus/i2c/devices/1-0048/name"] = "lm75";

        _bench.Board.Binder.Unbind(1, 0x48).ShouldBeNull();

        _told.ShouldBe(["delete 0x48"]);
        _bench.Board.Binder.Unbind(1, 0x48)!.Kind.ShouldBe(HardwareFaultKind.NotFound);
    }

    [Fact]
    public void The_list_of_known_chips_has_each_name_once_and_addresses_that_chips_can_have()
    {
        KnownChips.All.Select(chip => chip.Name).ShouldBeUnique();
        foreach (var chip in KnownChips.All)
        {
            chip.Addresses.ShouldNotBeEmpty(chip.Name);
            chip.Addresses.ShouldAllBe(address => address >= 0x08 && address <= 0x77, chip.Name);
            chip.Channels.ShouldNotBeEmpty(chip.Name);
            KnownChips.Find(chip.Name.ToUpperInvariant()).ShouldBe(chip);
        }
    }
}
