using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Gpio;

public sealed class KernelGpioTests : IDisposable
{
    private readonly SysfsTree _dev = new();
    private readonly FakeKernel _kernel = new();
    private readonly FakeGpioChip _pins = new("pinctrl-bcm2835", new FakeGpioLine("ID_SDA"), new FakeGpioLine("GPIO17"), new FakeGpioLine("LED"), new FakeGpioLine(""));
    private readonly FakeGpioChip _expander = new("raspberrypi-exp-gpio", new FakeGpioLine("BT_ON"), new FakeGpioLine("LED"));
    private readonly KernelGpio _gpio;

    public KernelGpioTests()
    {
        AddChip("gpiochip0", _pins);
        AddChip("gpiochip1", _expander);
        _gpio = new KernelGpio(_kernel, _dev.Root);
    }

    public void Dispose()
    {
        _gpio.Dispose();
        _dev.Dispose();
    }

    [Fact]
    public void Chips_are_listed_with_their_lines_and_who_holds_them()
    {
        _pins[1].IsTaken = true;
        _pins[1].Consumer = "w1-gpio";

        var chips = _gpio.ListChips();

        chips.Select(chip => (chip.Name, chip.Label, chip.Lines.Count)).ShouldBe([("gpiochip0", "pinctrl-bcm2835", 4), ("gpiochip1", "raspberrypi-exp-gpio", 2)]);
        var line = chips[0].Lines[1];
        (line.Name, line.Consumer, line.IsUsed).ShouldBe(("GPIO17", "w1-gpio", true));
        chips[0].Lines[3].Name.ShouldBeNull();
        _kernel.OpenCount.ShouldBe(0);
    }

    [Fact]
    public void Chips_come_in_the_order_of_their_numbers_and_a_locked_one_says_so()
    {
        AddChip("gpiochip10", new FakeGpioChip("ten"));
        AddChip("gpiochip2", -Errno.Access);

        var chips = _gpio.ListChips();

        chips.Select(chip => chip.Name).ShouldBe(["gpiochip0", "gpiochip1", "gpiochip2", "gpiochip10"]);
        chips[2].Fault!.Kind.ShouldBe(HardwareFaultKind.NotAllowed);
        chips[2].Fault!.Message.ShouldContain("gpiochip2 cannot be opened: Permission denied");
    }

    [Fact]
    public void A_line_is_found_by_its_name_on_whatever_chip()
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("BT_ON") }));

        (input.Line.Chip, input.Line.Offset).ShouldBe(("gpiochip1", 0));
        _expander[0].Consumer.ShouldBe("kuzzle-edge");
    }

    [Theory]
    [InlineData("gpiochip0")]
    [InlineData("0")]
    [InlineData("pinctrl-bcm2835")]
    public void A_chip_is_meant_by_its_node_its_number_or_its_label(string chip)
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.At(chip, 3) }));

        input.Line.ToString().ShouldBe("line 3 of gpiochip0");
    }

    [Fact]
    public void A_name_that_two_lines_have_is_refused_with_both()
    {
        var fault = _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("LED") }).Fault!;

        fault.Kind.ShouldBe(HardwareFaultKind.BadRequest);
        fault.Message.ShouldContain("line 2 (LED) of gpiochip0, line 1 (LED) of gpiochip1");
    }

    [Fact]
    public void A_name_that_two_lines_have_is_found_with_its_chip()
    {
        using var output = Good(_gpio.OpenOutput(new GpioOutputRequest { Line = GpioLineId.Named("LED", "gpiochip1") }));

        output.Line.Chip.ShouldBe("gpiochip1");
    }

    [Fact]
    public void What_is_not_there_is_told_with_what_is()
    {
        _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO99") }).Fault!.Message.ShouldBe("There is no line 'GPIO99' on gpiochip0, gpiochip1.");
        _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.At("gpiochip0", 4) }).Fault!.Message.ShouldContain("gpiochip0 has 4 lines, from 0");
        _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.At("gpiochip7", 0) }).Fault!.Message.ShouldContain("there are gpiochip0 (pinctrl-bcm2835)");
    }

    [Fact]
    public void A_busy_line_says_who_holds_it()
    {
        using var first = Good(_gpio.OpenOutput(new GpioOutputRequest { Line = GpioLineId.Named("GPIO17"), Consumer = "heating" }));

        var fault = _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17") }).Fault!;

        fault.ShouldBe(new HardwareFault(HardwareFaultKind.Busy, "The line 1 (GPIO17) of gpiochip0 is held by 'heating'."));
    }

    [Fact]
    public void An_input_is_configured_as_it_was_asked_for()
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest
        {
            Line = GpioLineId.Named("GPIO17"),
            Bias = GpioBias.PullUp,
            IsActiveLow = true,
            Edges = GpioEdges.Both,
            Debounce = TimeSpan.FromMilliseconds(20),
            Clock = GpioEventClock.Realtime,
            EdgeQueue = 4096,
        }));

        _pins[1].Config.Flags.ShouldBe(LineFlags.Input | LineFlags.BiasPullUp | LineFlags.ActiveLow | LineFlags.EdgeRising | LineFlags.EdgeFalling | LineFlags.RealtimeClock);
        _pins[1].Debounce.ShouldBe(TimeSpan.FromMilliseconds(20));
        _pins[1].EventBufferSize.ShouldBe(1024u);
    }

    [Fact]
    public void A_debounce_that_the_kernel_cannot_keep_is_refused() =>
        _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Debounce = TimeSpan.FromHours(2) }).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);

    [Fact]
    public void A_line_without_an_interrupt_says_that_it_cannot_report_edges()
    {
        _pins[1].Refusal = -Errno.NoDeviceOrAddress;

        var fault = _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }).Fault!;

        fault.Kind.ShouldBe(HardwareFaultKind.NotSupported);
        fault.Message.ShouldContain("cannot report edges");
    }

    [Fact]
    public void An_output_has_its_first_value_at_once_and_its_safe_value_at_the_end()
    {
        var output = Good(_gpio.OpenOutput(new GpioOutputRequest { Line = GpioLineId.Named("GPIO17"), InitialValue = true, SafeValue = false, Drive = GpioDrive.OpenDrain }));
        output.Write(false).ShouldBeNull();
        output.Write(true).ShouldBeNull();
        output.Read().Value.ShouldBeTrue();

        output.Dispose();

        _pins[1].Driven.ShouldBe([true, false, true, false]);
        _pins[1].Config.Flags.ShouldBe(LineFlags.Output | LineFlags.OpenDrain);
        _pins[1].IsTaken.ShouldBeFalse();
        output.Write(true)!.Kind.ShouldBe(HardwareFaultKind.Closed);
        _pins[1].Driven.Count.ShouldBe(4);
        _kernel.OpenCount.ShouldBe(0);
    }

    [Fact]
    public void An_output_without_a_safe_value_is_left_as_it_is()
    {
        var output = Good(_gpio.OpenOutput(new GpioOutputRequest { Line = GpioLineId.Named("GPIO17"), InitialValue = true, SafeValue = null }));

        output.Dispose();
        output.Dispose();

        _pins[1].Driven.ShouldBe([true]);
    }

    [Fact]
    public async Task Edges_come_with_the_timestamps_of_the_kernel()
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Both }));

        _kernel.Change(() => _pins[1].Edge(isRising: true, 1_000_000_007));
        _kernel.Change(() => _pins[1].Edge(isRising: false, 2_000_000_011));

        (await input.Edges.ReadAsync()).ShouldBe(new GpioEdge(GpioEdges.Rising, 1_000_000_007, GpioEventClock.Monotonic, 1));
        (await input.Edges.ReadAsync()).ShouldBe(new GpioEdge(GpioEdges.Falling, 2_000_000_011, GpioEventClock.Monotonic, 2));
        input.Count.ShouldBe(new EdgeCount(2, 0, 0, 2_000_000_011));
    }

    [Fact]
    public async Task Edges_of_several_lines_are_not_mixed_up()
    {
        using var first = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }));
        using var second = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("BT_ON"), Edges = GpioEdges.Rising }));

        _kernel.Change(() => _expander[0].Edge(isRising: true, 20));
        _kernel.Change(() => _pins[1].Edge(isRising: true, 10));

        (await first.Edges.ReadAsync()).TimestampNanoseconds.ShouldBe(10);
        (await second.Edges.ReadAsync()).TimestampNanoseconds.ShouldBe(20);
    }

    [Fact]
    public async Task Edges_that_the_kernel_had_no_room_for_are_counted_all_the_same()
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }));

        _kernel.Change(() => _pins[1].Edge(isRising: true, 5, lost: 40));

        (await input.Edges.ReadAsync()).Sequence.ShouldBe(41);
        input.Count.ShouldBe(new EdgeCount(Total: 41, Missed: 40, Unread: 0, 5));
    }

    [Fact]
    public async Task Of_edges_that_nobody_reads_the_oldest_are_given_up_and_counted()
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising, EdgeQueue = 2 }));
        using var last = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("BT_ON"), Edges = GpioEdges.Rising }));

        _kernel.Change(() =>
        {
            for (var i = 1UL; i <= 5; i++) _pins[1].Edge(isRising: true, i);
        });
        _kernel.Change(() => _expander[0].Edge(isRising: true, 9));
        await last.Edges.ReadAsync(); // One thread serves both: what came before is done.
        _kernel.Change(() => _expander[0].Edge(isRising: true, 10));
        await last.Edges.ReadAsync();

        input.Count.Unread.ShouldBe(3);
        (await input.Edges.ReadAsync()).TimestampNanoseconds.ShouldBe(4);
    }

    [Fact]
    public async Task A_chip_that_goes_away_ends_the_edges_with_the_reason()
    {
        using var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }));

        _kernel.Change(() => _pins[1].HasGone = true);

        (await Should.ThrowAsync<IOException>(input.Edges.Completion)).Message.ShouldBe("The chip of line 1 (GPIO17) of gpiochip0 has gone away.");
        input.Read().Fault!.Kind.ShouldBe(HardwareFaultKind.NotFound);
    }

    [Fact]
    public async Task A_line_that_is_given_back_ends_its_edges_and_can_be_taken_again()
    {
        var input = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }));

        input.Dispose();
        await input.Edges.Completion;

        input.Read().Fault!.Message.ShouldBe("The line 1 (GPIO17) of gpiochip0 has been given back.");
        using var again = Good(_gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }));
        _kernel.Change(() => _pins[1].Edge(isRising: true, 3));
        (await again.Edges.ReadAsync()).TimestampNanoseconds.ShouldBe(3);
    }

    [Fact]
    public async Task Bias_and_edges_can_be_changed_while_the_line_is_held()
    {
        var request = new GpioInputRequest { Line = GpioLineId.Named("GPIO17") };
        using var input = Good(_gpio.OpenInput(request));

        input.Reconfigure(request with { Bias = GpioBias.PullDown, Edges = GpioEdges.Falling }).ShouldBeNull();
        _kernel.Change(() => _pins[1].Edge(isRising: false, 8));

        (await input.Edges.ReadAsync()).Kind.ShouldBe(GpioEdges.Falling);
        _pins[1].Config.Flags.ShouldBe(LineFlags.Input | LineFlags.BiasPullDown | LineFlags.EdgeFalling);
    }

    [Fact]
    public void After_the_lines_are_closed_no_input_with_edges_is_opened_and_none_is_left_taken()
    {
        _gpio.Dispose();

        _gpio.OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPIO17"), Edges = GpioEdges.Rising }).Fault!.Kind.ShouldBe(HardwareFaultKind.Closed);
        _pins[1].IsTaken.ShouldBeFalse();
    }

    [Fact]
    public void A_realtime_edge_knows_its_moment() =>
        new GpioEdge(GpioEdges.Rising, 1_764_000_000_123_456_789, GpioEventClock.Realtime, 1).At(TimeProvider.System)
            .ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_123).AddTicks(4567));

    private static T Good<T>(Outcome<T> outcome)
        where T : notnull
    {
        outcome.IsGood.ShouldBeTrue(outcome.Fault?.Message);
        return outcome.Value!;
    }

    private void AddChip(string name, object node)
    {
        _dev[name] = "";
        _kernel.Nodes[Path.Combine(_dev.Root, name)] = node;
    }
}
