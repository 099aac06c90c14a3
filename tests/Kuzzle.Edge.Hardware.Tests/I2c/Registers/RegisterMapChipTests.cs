using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.I2c.Registers;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.I2c.Registers;

public sealed class RegisterMapChipTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly I2cBench _bench = new();
    private readonly CommandChip _chip = new();

    public RegisterMapChipTests() => _bench.Adapter.Chips[0x44] = _chip;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Steps_are_done_in_their_order_and_the_first_ones_only_once()
    {
        _chip.Answers["1000"] = "";
        _chip.Answers["20"] = "";
        _chip.Answers["30"] = "0100";
        var chip = Open(new RegisterMap
        {
            Name = "x",
            Init = [new WriteStep { Bytes = [0x10, 0x00] }, new WaitStep { Time = TimeSpan.FromMilliseconds(7) }],
            Measure = [new WriteStep { Bytes = [0x20] }, new ReadStep { Command = [0x30], Length = 2 }],
            Fields = [new RegisterField { Name = "v", Width = 2 }],
        });

        Values(chip)["v"].ShouldBe(256);
        Values(chip)["v"].ShouldBe(256);

        _chip.Commands.ShouldBe(["1000", "20", "30", "20", "30"]);
        _bench.Kernel.Paused.ShouldBe(TimeSpan.FromMilliseconds(7));
    }

    [Fact]
    public void A_chip_is_set_up_again_after_a_fault()
    {
        _chip.Answers["10"] = "";
        _chip.Answers["30"] = "01";
        var chip = Open(new RegisterMap
        {
            Name = "x",
            Init = [new WriteStep { Bytes = [0x10] }],
            Measure = [new ReadStep { Command = [0x30], Length = 1 }],
            Fields = [new RegisterField { Name = "v", Width = 1 }],
        });
        Values(chip);
        _bench.Adapter.Chips.Remove(0x44);
        chip.Measure(Start).Fault!.Kind.ShouldBe(HardwareFaultKind.NoAnswer);
        _bench.Adapter.Chips[0x44] = _chip;

        Values(chip);

        _chip.Commands.ShouldBe(["10", "30", "10", "30"]);
    }

    [Fact]
    public void A_conversion_takes_its_time_and_the_bus_is_free_meanwhile()
    {
        _chip.Answers["f3"] = "4e85";
        var chip = Open(RegisterMap.OfRegister("x", 0xF3, new RegisterField { Name = "v", Width = 2 }, delay: TimeSpan.FromMilliseconds(55)));
        var isFree = false;
        _bench.Kernel.WhilePaused = () => isFree = _bench.Bus.Probe(0x44) is null;

        Values(chip)["v"].ShouldBe(0x4E85);

        isFree.ShouldBeTrue();
        _bench.Kernel.Paused.ShouldBe(TimeSpan.FromMilliseconds(55));
        _bench.Adapter.Log.ShouldBe(["i2c 44 f3 0", "quick 44  0", "i2c 44  2"]);
    }

    [Fact]
    public void A_wrong_checksum_is_a_fault_that_shows_both()
    {
        _chip.Answers["00"] = "beef93";
        var chip = Open(RegisterMap.OfRegister("x", 0, new RegisterField { Name = "v", Width = 2 }, RegisterCrc.Sensirion));

        var fault = chip.Measure(Start).Fault!;

        fault.ShouldBe(new HardwareFault(HardwareFaultKind.BadChecksum, "x at 0x44 of i2c-1 sent beef with the checksum 93; it should be 92."));
    }

    [Fact]
    public void A_status_is_asked_until_it_is_ready()
    {
        _chip.Answers["a0"] = "80";
        _chip.Answers["30"] = "05";
        var looks = 0;
        _bench.Kernel.WhilePaused = () =>
        {
            if (++looks == 3) _chip.Answers["a0"] = "00";
        };

        Values(Open(Polling()))["v"].ShouldBe(5);

        looks.ShouldBe(3);
    }

    [Fact]
    public void A_status_that_never_gets_ready_is_given_up()
    {
        _chip.Answers["a0"] = "80";

        var fault = Open(Polling()).Measure(Start).Fault!;

        fault.ShouldBe(new HardwareFault(HardwareFaultKind.TimedOut, "x at 0x44 of i2c-1 has not been ready for 0.1 s (status 0x80)."));
        _bench.Kernel.Paused.ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Within_its_interval_a_chip_gives_what_it_has_measured()
    {
        _chip.Answers["30"] = "05";
        var chip = Open(RegisterMap.OfRegister("x", 0x30, new RegisterField { Name = "v", Width = 1 }) with { MinInterval = TimeSpan.FromSeconds(5) });
        Values(chip, Start);
        _chip.Answers["30"] = "06";

        Values(chip, Start.AddSeconds(4.9))["v"].ShouldBe(5);
        Values(chip, Start.AddSeconds(5))["v"].ShouldBe(6);
        _chip.Answers["30"] = "07";
        Values(chip, Start.AddYears(-1))["v"].ShouldBe(7, "a clock that was set back");
        _chip.Commands.Count.ShouldBe(3);
    }

    [Fact]
    public void A_value_that_is_none_is_the_fault_of_its_channel_only()
    {
        _chip.Answers["30"] = "ff05";
        var chip = Open(new RegisterMap
        {
            Name = "x",
            Measure = [new ReadStep { Command = [0x30], Length = 2 }],
            Fields = [new RegisterField { Name = "none", Width = 1, NoValue = 255 }, new RegisterField { Name = "some", Position = 1, Width = 1 }],
            Derived = [new DerivedChannel("sum", "value", "", (values, _) => values["none"] + values["some"])],
        });

        var sample = chip.Measure(Start).Value!;

        sample["some"].Value.ShouldBe(5);
        sample["none"].IsGood.ShouldBeFalse();
        sample["sum"].IsGood.ShouldBeFalse();
    }

    [Fact]
    public void All_faults_of_a_map_are_told()
    {
        var map = new RegisterMap
        {
            Name = "x",
            Init = [new WriteStep { Bytes = [] }],
            Measure = [new ReadStep { Command = [0], Length = 3, Crc = RegisterCrc.Sensirion }],
            Fields = [new RegisterField { Name = "a", Width = 9 }, new RegisterField { Name = "a", Width = 2, Position = 2, Read = 1, Mask = 0 }],
        };

        map.FindFaults().Select(fault => fault.Key).ShouldBe(["init[0].bytes", "measure[0].length", "fields[0].width", "fields[0].position", "fields[1].mask", "fields[1].read", "fields"]);
        _bench.Board.OpenChip(map, 1, 0x44).Fault!.Message.ShouldContain("fields has 'a' twice");
    }

    [Fact]
    public void A_source_is_one_channel_and_an_unknown_one_is_refused_with_those_there_are()
    {
        _chip.Answers["30"] = "05";
        var chip = Open(RegisterMap.OfRegister("x", 0x30, new RegisterField { Name = "v", Kind = "level", Unit = "m", Width = 1, Scale = 0.1 }));

        var source = new ChipSource(chip, "v");

        source.Measure(Start).Value.ShouldBe(0.5, 1e-12);
        (source.Kind, source.Unit, source.Description).ShouldBe(("level", "m", "x at 0x44 of i2c-1 v"));
        Should.Throw<ArgumentException>(() => new ChipSource(chip, "w")).Message.ShouldContain("has no channel 'w'; it has v.");
    }

    private static RegisterMap Polling() => new()
    {
        Name = "x",
        Measure =
        [
            new PollStep { Status = new ReadStep { Command = [0xA0], Length = 1 }, Mask = 0x80, Ready = 0, Timeout = TimeSpan.FromMilliseconds(100) },
            new ReadStep { Command = [0x30], Length = 1 },
        ],
        Fields = [new RegisterField { Name = "v", Width = 1 }],
    };

    private static Dictionary<string, double> Values(IChip chip, DateTimeOffset at = default)
    {
        var sample = chip.Measure(at);
        sample.IsGood.ShouldBeTrue(sample.Fault?.Message);
        return sample.Value!.ToDictionary(channel => channel.Key, channel => channel.Value.Value);
    }

    private IChip Open(RegisterMap map)
    {
        var chip = _bench.Board.OpenChip(map, 1, 0x44);
        chip.IsGood.ShouldBeTrue(chip.Fault?.Message);
        return chip.Value!;
    }
}
