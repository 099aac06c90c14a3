using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>The calls against the kernel that runs these tests.</summary>
public sealed class LinuxKernelTests
{
    private readonly LinuxKernel _kernel = new();

    [Fact]
    public void A_node_that_is_not_there_is_answered_with_ENOENT() => _kernel.Open("/dev/gpiochip-none").ShouldBe(-Errno.NoEntry);

    [Fact]
    public void An_ioctl_that_a_device_does_not_know_is_answered_with_ENOTTY()
    {
        var descriptor = _kernel.Open("/dev/null");
        descriptor.ShouldBeGreaterThan(0);

        _kernel.Control(descriptor, 0x8044B401, new byte[68]).ShouldBe(-Errno.NotTerminal);
        _kernel.TransferI2c(descriptor, 0x48, [0], new byte[2]).ShouldBe(-Errno.NotTerminal);
        _kernel.TransferSmbus(descriptor, isRead: true, 0, 1, new byte[34]).ShouldBe(-Errno.NotTerminal);
        _kernel.Close(descriptor).ShouldBe(0);
        _kernel.Close(descriptor).ShouldBe(-Errno.BadDescriptor);
    }

    [Fact]
    public void A_wakeup_is_readable_once_it_was_written()
    {
        var wakeup = _kernel.CreateWakeup();
        var entries = new[] { new PollEntry { Descriptor = wakeup, Wanted = PollEntry.Readable } };
        _kernel.Poll(entries, 0).ShouldBe(0);

        _kernel.Write(wakeup, BitConverter.GetBytes(1UL)).ShouldBe(8);

        _kernel.Poll(entries, -1).ShouldBe(1);
        entries[0].Happened.ShouldBe(PollEntry.Readable);
        var counter = new byte[8];
        _kernel.Read(wakeup, counter).ShouldBe(8);
        BitConverter.ToUInt64(counter).ShouldBe(1UL);
        _kernel.Close(wakeup).ShouldBe(0);
    }

    [Fact]
    public void A_file_is_written_in_place_and_never_made()
    {
        var file = Path.GetTempFileName();

        _kernel.WriteFile(file, "bme280 0x76").ShouldBe(11);
        _kernel.WriteFile($"{file}.none", "1").ShouldBe(-Errno.NoEntry);

        File.ReadAllText(file).ShouldBe("bme280 0x76");
        File.Exists($"{file}.none").ShouldBeFalse();
        File.Delete(file);
    }

    [Fact]
    public void A_pause_lasts_no_less_than_it_should()
    {
        var before = TimeProvider.System.GetTimestamp();

        _kernel.Pause(TimeSpan.FromMilliseconds(5));

        TimeProvider.System.GetElapsedTime(before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(4.9));
    }

    [Fact]
    public void An_error_is_told_in_words_and_by_number() => Errno.Fault(-Errno.Access, "/dev/i2c-1 cannot be opened").Message.ShouldBe("/dev/i2c-1 cannot be opened: Permission denied (error 13).");
}
