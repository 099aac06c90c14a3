using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Pwm;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Pwm;

public sealed class KernelPwmTests : IDisposable
{
    private const string Chip = "class/pwm/pwmchip0";

    private readonly SysfsTree _sys = new();
    private readonly FakeKernel _kernel = new();
    private readonly KernelPwm _pwm;

    public KernelPwmTests()
    {
        _sys[$"{Chip}/npwm"] = "2";
        _sys.Link($"{Chip}/device", "../../../3f20c000.pwm");
        _kernel.Reactions[Path.Combine(_sys.Root, Chip, "export")] = number =>
        {
            var folder = $"{Chip}/pwm{number}";
            _sys[$"{folder}/period"] = "0";
            _sys[$"{folder}/duty_cycle"] = "0";
            _sys[$"{folder}/enable"] = "0";
            _sys[$"{folder}/polarity"] = "normal";
            React(folder);
            return number.Length;
        };
        _kernel.Reactions[Path.Combine(_sys.Root, Chip, "unexport")] = number =>
        {
            _sys.Remove($"{Chip}/pwm{number}");
            return number.Length;
        };
        _pwm = new KernelPwm(_kernel, _sys.Root);
    }

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData("pwmchip0")]
    [InlineData("0")]
    [InlineData("3f20c000.pwm")]
    public void A_chip_is_meant_by_its_folder_its_number_or_its_device(string chip)
    {
        using var channel = Open(new PwmRequest { Chip = chip, Channel = 1 });

        channel.Description.ShouldBe("output 1 of pwmchip0");
    }

    [Fact]
    public void An_output_is_exported_timed_and_switched_on()
    {
        using var channel = Open(new PwmRequest { Chip = "0", Period = TimeSpan.FromMilliseconds(20), InitialDuty = 0.075, Polarity = PwmPolarity.Inversed });

        (Read("period"), Read("duty_cycle"), Read("enable"), Read("polarity")).ShouldBe(("20000000", "1500000", "1", "inversed"));
        (channel.Duty, channel.Period).ShouldBe((0.075, TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_period_may_grow_and_shrink_though_the_kernel_never_lets_the_duty_be_longer()
    {
        using var channel = Open(new PwmRequest { Chip = "0", Period = TimeSpan.FromMilliseconds(1), InitialDuty = 0.9 });

        channel.SetPeriod(TimeSpan.FromMilliseconds(10)).ShouldBeNull();
        Read("duty_cycle").ShouldBe("9000000");
        channel.SetPeriod(TimeSpan.FromMicroseconds(100)).ShouldBeNull();

        (Read("period"), Read("duty_cycle")).ShouldBe(("100000", "90000"));
        channel.SetDuty(1).ShouldBeNull();
        Read("duty_cycle").ShouldBe("100000");
    }

    [Fact]
    public void An_output_that_is_closed_is_off_and_given_back()
    {
        var channel = Open(new PwmRequest { Chip = "0", InitialDuty = 0.5 });

        channel.Dispose();
        channel.Dispose();

        _kernel.Written[^2].ShouldBe($"{_sys.Root}/{Chip}/pwm0/enable 0");
        _kernel.Written[^1].ShouldBe($"{_sys.Root}/{Chip}/unexport 0");
        channel.SetDuty(0.1)!.Kind.ShouldBe(HardwareFaultKind.Closed);
        channel.SetPeriod(TimeSpan.FromMilliseconds(1))!.Kind.ShouldBe(HardwareFaultKind.Closed);
    }

    [Fact]
    public void An_output_with_a_safe_duty_goes_on_with_it()
    {
        var channel = Open(new PwmRequest { Chip = "0", Period = TimeSpan.FromMilliseconds(20), InitialDuty = 0.5, SafeDuty = 0.05 });

        channel.Dispose();

        (Read("duty_cycle"), Read("enable")).ShouldBe(("1000000", "1"));
    }

    [Fact]
    public void What_another_has_exported_is_used_and_not_taken_back()
    {
        _kernel.WriteFile(Path.Combine(_sys.Root, Chip, "export"), "0");

        Open(new PwmRequest { Chip = "0" }).Dispose();

        _kernel.Written.ShouldNotContain($"{_sys.Root}/{Chip}/unexport 0");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_duty_that_makes_no_sense_is_refused(double duty)
    {
        _pwm.Open(new PwmRequest { Chip = "0", InitialDuty = duty }).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
        _pwm.Open(new PwmRequest { Chip = "0", SafeDuty = duty }).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
        using var channel = Open(new PwmRequest { Chip = "0" });
        channel.SetDuty(duty)!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
    }

    [Fact]
    public void What_is_not_there_is_told_with_what_is()
    {
        _pwm.Open(new PwmRequest { Chip = "3" }).Fault!.Message.ShouldBe("There is no PWM chip '3'; there are pwmchip0 (3f20c000.pwm).");
        _pwm.Open(new PwmRequest { Chip = "0", Channel = 2 }).Fault!.Message.ShouldBe("pwmchip0 has no output 2; it has 2, from 0.");
        _pwm.Open(new PwmRequest { Chip = "0", Period = TimeSpan.Zero }).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
    }

    [Fact]
    public void An_output_that_a_driver_holds_is_told()
    {
        _kernel.Reactions[Path.Combine(_sys.Root, Chip, "export")] = _ => -Errno.Busy;

        _pwm.Open(new PwmRequest { Chip = "0" }).Fault!.Message.ShouldBe("The output 0 of pwmchip0 is held by a driver of the kernel.");
    }

    [Fact]
    public void Files_that_never_become_ours_are_told_and_the_output_given_back()
    {
        _kernel.Reactions[Path.Combine(_sys.Root, Chip, "export")] = number =>
        {
            _sys[$"{Chip}/pwm0/period"] = "0";
            _kernel.Reactions[Path.Combine(_sys.Root, Chip, "pwm0/period")] = _ => -Errno.Access;
            return 1;
        };

        _pwm.Open(new PwmRequest { Chip = "0" }).Fault!.Kind.ShouldBe(HardwareFaultKind.NotAllowed);
        _kernel.Written[^1].ShouldEndWith("unexport 0");
        _kernel.Paused.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_period_that_the_driver_refuses_leaves_the_output_as_it_was()
    {
        using var channel = Open(new PwmRequest { Chip = "0", Period = TimeSpan.FromMilliseconds(1), InitialDuty = 0.5 });
        var period = _kernel.Reactions[Path.Combine(_sys.Root, Chip, "pwm0/period")];
        _kernel.Reactions[Path.Combine(_sys.Root, Chip, "pwm0/period")] = value => value == "100000" ? -Errno.Invalid : period(value);

        channel.SetPeriod(TimeSpan.FromMicroseconds(100))!.Message.ShouldContain("does not take 100000 as period");

        (Read("period"), Read("duty_cycle"), channel.Period).ShouldBe(("1000000", "500000", TimeSpan.FromMilliseconds(1)));
    }

    /// <summary>As the kernel: a period of zero, or one shorter than the duty, is invalid.</summary>
    private void React(string folder)
    {
        long Value(string file) => long.Parse(File.ReadAllText(Path.Combine(_sys.Root, folder, file)), System.Globalization.CultureInfo.InvariantCulture);
        int Store(string file, string value)
        {
            _sys[$"{folder}/{file}"] = value;
            return value.Length;
        }

        _kernel.Reactions[Path.Combine(_sys.Root, folder, "period")] = value => value == "0" || long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) < Value("duty_cycle") ? -Errno.Invalid : Store("period", value);
        _kernel.Reactions[Path.Combine(_sys.Root, folder, "duty_cycle")] = value => long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) > Value("period") ? -Errno.Invalid : Store("duty_cycle", value);
        _kernel.Reactions[Path.Combine(_sys.Root, folder, "polarity")] = value => Value("enable") == 1 ? -Errno.Busy : Store("polarity", value);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_sys.Root, Chip, "pwm0", file)).Trim();

    private IPwmChannel Open(PwmRequest request)
    {
        var channel = _pwm.Open(request);
        channel.IsGood.ShouldBeTrue(channel.Fault?.Message);
        return channel.Value!;
    }
}
