using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Tests.I2c;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Gpio.Expanders;

public sealed class Mcp23017Tests : IDisposable
{
    private const int DirectionA = 0x00;
    private const int DirectionB = 0x01;
    private const int PullUpB = 0x0D;
    private const int LevelA = 0x12;
    private const int LatchA = 0x14;
    private const int LatchB = 0x15;

    private readonly I2cBench _bench = new();
    private readonly RegisterChip _chip = new();

    public Mcp23017Tests()
    {
        (_chip.Registers[DirectionA], _chip.Registers[DirectionB]) = (0xFF, 0xFF);
        _bench.Adapter.Chips[0x20] = _chip;
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_output_gets_its_level_before_it_drives()
    {
        using var output = Output(new GpioOutputRequest { Line = GpioLineId.Named("GPB3"), InitialValue = true });

        _chip.Writes.ShouldBe(["1508", "01f7"]);
        output.Line.ToString().ShouldBe("line 11 (GPB3) of mcp23017-1-20");
        output.Write(false).ShouldBeNull();
        _chip.Registers[LatchB].ShouldBe((byte)0);
    }

    [Fact]
    public void What_other_lines_were_told_before_stays()
    {
        _chip.Registers[LatchA] = 0b1010_0000;
        _chip.Registers[DirectionA] = 0b0101_1111;

        using var output = Output(new GpioOutputRequest { Line = GpioLineId.At("mcp23017", 0), InitialValue = true });

        _chip.Registers[LatchA].ShouldBe((byte)0b1010_0001);
        _chip.Registers[DirectionA].ShouldBe((byte)0b0101_1110);
    }

    [Fact]
    public void An_output_that_is_closed_takes_its_safe_value()
    {
        var output = Output(new GpioOutputRequest { Line = GpioLineId.Named("GPA0"), InitialValue = true, SafeValue = false, IsActiveLow = true });
        _chip.Registers[LatchA].ShouldBe((byte)0);

        output.Dispose();

        _chip.Registers[LatchA].ShouldBe((byte)1);
        output.Write(true)!.Kind.ShouldBe(HardwareFaultKind.Closed);
        Output(new GpioOutputRequest { Line = GpioLineId.Named("GPA0") }).Dispose();
    }

    [Fact]
    public void An_input_reads_its_line_with_its_pull_up_and_its_polarity()
    {
        var opened = Open().OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPA5"), IsActiveLow = true });
        using var input = opened.Value!;
        using var pulled = Open().OpenInput(new GpioInputRequest { Line = GpioLineId.Named("GPB1"), Bias = GpioBias.PullUp }).Value!;

        _chip.Registers[LevelA] = 0x20;
        input.Read().Value.ShouldBeFalse();
        _chip.Registers[LevelA] = 0xDF;
        input.Read().Value.ShouldBeTrue();
        _chip.Registers[PullUpB].ShouldBe((byte)0x02);
    }

    [Fact]
    public void A_line_is_taken_by_one_only()
    {
        using var output = Output(new GpioOutputRequest { Line = GpioLineId.Named("GPA1"), Consumer = "pump" });

        Open().OpenInput(new GpioInputRequest { Line = GpioLineId.At("mcp23017-1-20", 1) }).Fault
            .ShouldBe(new HardwareFault(HardwareFaultKind.Busy, "The line 1 (GPA1) of mcp23017-1-20 is held by 'pump'."));
    }

    [Fact]
    public void What_the_chip_cannot_do_is_refused_by_name()
    {
        var expander = Open();
        var input = new GpioInputRequest { Line = GpioLineId.Named("GPA1") };

        expander.OpenInput(input with { Edges = GpioEdges.Both }).Fault!.Kind.ShouldBe(HardwareFaultKind.NotSupported);
        expander.OpenInput(input with { Debounce = TimeSpan.FromMilliseconds(1) }).Fault!.Kind.ShouldBe(HardwareFaultKind.NotSupported);
        expander.OpenInput(input with { Bias = GpioBias.PullDown }).Fault!.Message.ShouldContain("pull-ups only");
        expander.OpenOutput(new GpioOutputRequest { Line = GpioLineId.Named("GPA1"), Drive = GpioDrive.OpenDrain }).Fault!.Kind.ShouldBe(HardwareFaultKind.NotSupported);
        expander.OpenInput(input with { Line = GpioLineId.Named("GPC1") }).Fault!.Message.ShouldContain("GPA0 to GPA7");
    }

    [Fact]
    public void Its_lines_are_listed_as_they_are()
    {
        _chip.Registers[DirectionB] = 0xFE;
        using var output = Output(new GpioOutputRequest { Line = GpioLineId.Named("GPA2"), Consumer = "fan" });

        var chip = Open().ListChips().ShouldHaveSingleItem();

        chip.Lines.Count.ShouldBe(16);
        chip.Lines.Where(line => line.IsOutput).Select(line => line.Name).ShouldBe(["GPA2", "GPB0"]);
        chip.Lines[2].Consumer.ShouldBe("fan");
    }

    [Fact]
    public void It_works_behind_an_adapter_that_knows_SMBus_only()
    {
        using var bench = new I2cBench(FakeI2cAdapter.SmbusOnly);
        bench.Adapter.Chips[0x27] = _chip;

        using var output = bench.Board.OpenExpander(1, 0x27).Value!.OpenOutput(new GpioOutputRequest { Line = GpioLineId.Named("GPA7"), InitialValue = true }).Value!;

        _chip.Registers[DirectionA].ShouldBe((byte)0x7F);
        _chip.Registers[LatchA].ShouldBe((byte)0x80);
    }

    [Fact]
    public void An_expander_that_does_not_answer_lists_no_lines_and_why()
    {
        var chip = _bench.Board.OpenExpander(1, 0x21).Value!.ListChips().ShouldHaveSingleItem();

        chip.Fault!.Kind.ShouldBe(HardwareFaultKind.NoAnswer);
        chip.Lines.ShouldBeEmpty();
        _bench.Board.OpenExpander(1, 0x40).Fault!.Kind.ShouldBe(HardwareFaultKind.BadRequest);
    }

    private IGpio Open() => _bench.Board.OpenExpander(1, 0x20).Value!;

    private IGpioOutput Output(GpioOutputRequest request)
    {
        var output = Open().OpenOutput(request);
        output.IsGood.ShouldBeTrue(output.Fault?.Message);
        return output.Value!;
    }
}
