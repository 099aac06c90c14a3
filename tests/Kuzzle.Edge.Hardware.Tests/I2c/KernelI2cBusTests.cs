using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.I2c;

public sealed class KernelI2cBusTests
{
    [Fact]
    public void A_write_and_a_read_are_one_transfer()
    {
        using var bench = new I2cBench();
        var chip = new RegisterChip();
        chip.Registers[0x10] = 0xAB;
        chip.Registers[0x11] = 0xCD;
        bench.Adapter.Chips[0x48] = chip;

        var read = new byte[2];
        bench.Bus.Transfer(0x48, [0x10], read).ShouldBeNull();

        read.ShouldBe([0xAB, 0xCD]);
        bench.Adapter.Log.ShouldBe(["i2c 48 10 2"]);
        bench.Adapter.TimeoutTens.ShouldBe(50);
    }

    [Theory]
    [InlineData("", 1, "byte 48  1")]
    [InlineData("10", 0, "byte 48 10 0")]
    [InlineData("10", 1, "byte-data 48 10 1")]
    [InlineData("10", 2, "word-data 48 10 2")]
    [InlineData("10", 14, "block 48 10 14")]
    [InlineData("1020", 0, "byte-data 48 1020 0")]
    [InlineData("102030", 0, "word-data 48 102030 0")]
    [InlineData("10203040", 0, "block 48 10203040 0")]
    public void An_adapter_without_plain_I2C_puts_the_same_bytes_on_the_wire(string write, int read, string expected)
    {
        using var bench = new I2cBench(FakeI2cAdapter.SmbusOnly);
        var chip = new RegisterChip();
        for (var i = 0; i < 32; i++) chip.Registers[0x10 + i] = (byte)(0x80 + i);
        bench.Adapter.Chips[0x48] = chip;
        bench.Bus.Transfer(0x48, [0x10], []).ShouldBeNull();
        bench.Adapter.Log.Clear();

        var answer = new byte[read];
        bench.Bus.Transfer(0x48, Convert.FromHexString(write), answer).ShouldBeNull();

        bench.Adapter.Log.ShouldBe([expected]);
        answer.ShouldBe([.. Enumerable.Range(0x80, read).Select(value => (byte)value)]);
    }

    [Theory]
    [InlineData("1020", 2)]
    [InlineData("", 6)]
    [InlineData("10", 33)]
    public void What_SMBus_cannot_say_is_refused_by_name(string write, int read)
    {
        using var bench = new I2cBench(FakeI2cAdapter.SmbusOnly);

        var fault = bench.Bus.Transfer(0x48, Convert.FromHexString(write), new byte[read])!;

        fault.Kind.ShouldBe(HardwareFaultKind.NotSupported);
        fault.Message.ShouldContain("i2c-1 knows no SMBus transfer");
        bench.Adapter.Log.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Errno.NoDeviceOrAddress, HardwareFaultKind.NoAnswer, "Nobody answers at 0x48 of i2c-1")]
    [InlineData(Errno.RemoteIo, HardwareFaultKind.NoAnswer, "Nobody answers at 0x48 of i2c-1")]
    [InlineData(Errno.NoDevice, HardwareFaultKind.NoAnswer, "Nobody answers at 0x48 of i2c-1")]
    [InlineData(Errno.TimedOut, HardwareFaultKind.TimedOut, "0x48 of i2c-1 holds the bus for too long")]
    [InlineData(Errno.Io, HardwareFaultKind.Failed, "The transfer with 0x48 of i2c-1 failed: Input/output error")]
    public void Errors_of_the_kernel_are_told_in_words(int errno, HardwareFaultKind kind, string message)
    {
        using var bench = new I2cBench();
        bench.Adapter.Failure = -errno;

        var fault = bench.Bus.Transfer(0x48, [0], [])!;

        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldContain(message);
    }

    [Fact]
    public void An_address_that_a_driver_holds_is_not_touched_and_the_driver_named()
    {
        using var bench = new I2cBench();
        bench.Hold(0x48, "tmp105", "lm75");

        bench.Bus.Transfer(0x48, [0], new byte[2]).ShouldBe(new HardwareFault(HardwareFaultKind.Busy, "0x48 of i2c-1 is held by the kernel's driver lm75 as 'tmp105'."));
        bench.Adapter.Log.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0x07)]
    [InlineData(0x78)]
    [InlineData(-1)]
    public void An_address_outside_the_range_of_chips_is_refused(int address)
    {
        using var bench = new I2cBench();

        bench.Bus.Transfer(address, [0], []).ShouldNotBeNull().Kind.ShouldBe(HardwareFaultKind.BadRequest);
        bench.Bus.Probe(address).ShouldNotBeNull().Kind.ShouldBe(HardwareFaultKind.BadRequest);
    }

    [Fact]
    public async Task A_bus_in_use_is_waited_for_only_so_long_and_says_for_whom_it_is_used()
    {
        using var bench = new I2cBench(options: new I2cOptions { WaitTimeout = TimeSpan.FromMilliseconds(10) });
        using var entered = new SemaphoreSlim(0);
        using var finish = new SemaphoreSlim(0);
        bench.Adapter.Chips[0x44] = new RegisterChip();
        bench.Adapter.InTransfer = () =>
        {
            entered.Release();
            finish.Wait();
        };
        var bus = bench.Bus;
        var hanging = Task.Factory.StartNew(() => bus.Transfer(0x44, [0], []), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await entered.WaitAsync();

        var fault = bus.Transfer(0x48, [0], [])!;

        fault.Kind.ShouldBe(HardwareFaultKind.TimedOut);
        fault.Message.ShouldContain("at this moment for 0x44");
        finish.Release();
        (await hanging).ShouldBeNull();
    }

    [Fact]
    public void Probing_reads_where_a_quick_write_could_do_harm()
    {
        using var bench = new I2cBench();

        for (var address = 0x08; address <= 0x77; address++) bench.Bus.Probe(address)!.Kind.ShouldBe(HardwareFaultKind.NoAnswer);

        var read = bench.Adapter.Log.Where(entry => entry.StartsWith("byte", StringComparison.Ordinal)).Select(entry => Convert.ToInt32(entry.Split(' ')[1], 16));
        read.ShouldBe([.. Enumerable.Range(0x30, 8), .. Enumerable.Range(0x50, 16)]);
        bench.Adapter.Log.Count.ShouldBe(0x70);
    }

    [Fact]
    public void Probing_reads_everywhere_when_the_adapter_knows_no_quick_write()
    {
        using var bench = new I2cBench(I2cAbilities.ReadByte);
        bench.Adapter.Chips[0x48] = new RegisterChip();

        bench.Bus.Probe(0x48).ShouldBeNull();

        bench.Adapter.Log.ShouldBe(["byte 48  1"]);
    }

    [Fact]
    public void An_empty_transfer_is_refused()
    {
        using var bench = new I2cBench();

        bench.Bus.Transfer(0x48, [], []).ShouldNotBeNull().Kind.ShouldBe(HardwareFaultKind.BadRequest);
    }

    [Fact]
    public void A_bus_without_its_device_node_says_which_module_is_missing()
    {
        using var bench = new I2cBench();
        bench.Tree["sys/bus/i2c/devices/i2c-7/name"] = "i801";

        bench.Board.I2c.Open(7).Fault!.Message.ShouldContain("the module i2c-dev is not loaded");
        bench.Board.I2c.Open(9).Fault!.Message.ShouldBe("There is no bus i2c-9; there are 1, 7.");
    }

    [Fact]
    public void A_bus_that_may_not_be_opened_says_so_and_is_tried_again()
    {
        using var bench = new I2cBench();
        var path = Path.Combine(bench.Paths.Devices, "i2c-1");
        bench.Adapter.Chips[0x48] = new RegisterChip();
        bench.Kernel.Nodes[path] = -Errno.Access;
        bench.Bus.Transfer(0x48, [0], [])!.Kind.ShouldBe(HardwareFaultKind.NotAllowed);

        bench.Kernel.Nodes[path] = bench.Adapter;

        bench.Bus.Transfer(0x48, [0], []).ShouldBeNull();
    }

    [Fact]
    public void A_closed_board_touches_no_bus()
    {
        var bench = new I2cBench();
        var bus = bench.Bus;

        bench.Dispose();

        bus.Transfer(0x48, [0], [])!.Kind.ShouldBe(HardwareFaultKind.Closed);
        bench.Board.I2c.Open(1).Fault!.Kind.ShouldBe(HardwareFaultKind.Closed);
        bench.Kernel.OpenCount.ShouldBe(0);
    }
}
