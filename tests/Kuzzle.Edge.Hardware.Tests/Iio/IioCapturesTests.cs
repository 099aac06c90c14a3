using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Tests.I2c;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Iio;

public sealed class IioCapturesTests : IDisposable
{
    private const string Device = "sys/bus/iio/devices/iio:device2";

    private readonly I2cBench _bench = new();
    private readonly FakeSamples _samples = new();

    public IioCapturesTests()
    {
        _bench.Tree[$"{Device}/name"] = "mpu6050";
        _bench.Tree[$"{Device}/buffer/enable"] = "0";
        _bench.Tree[$"{Device}/buffer/length"] = "2";
        _bench.Tree[$"{Device}/trigger/current_trigger"] = "";
        _bench.Tree[$"{Device}/sampling_frequency"] = "50";
        _bench.Tree[$"{Device}/in_accel_scale"] = "0.5";
        _bench.Tree[$"{Device}/in_temp_scale"] = "2.0";
        _bench.Tree[$"{Device}/in_temp_offset"] = "100";
        Element("accel_x", 0, "be:s16/16>>0");
        Element("accel_y", 1, "be:s16/16>>0");
        Element("temp", 6, "le:s12/16>>4");
        Element("timestamp", 7, "le:s64/64>>0");
        _bench.Tree["sys/bus/iio/devices/trigger0/name"] = "mpu6050-dev2";
        _bench.Kernel.Nodes[Path.Combine(_bench.Paths.Devices, "iio:device2")] = _samples;
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_capture_is_set_up_read_and_stopped()
    {
        using var capture = Open(new IioCaptureRequest { Device = "mpu6050", Channels = ["temp", "accel_x"], Trigger = "mpu6050-dev2", Frequency = 100, Length = 64 });
        _samples.Chunks.Enqueue(Convert.FromHexString("0004" + "2003" + "00000000" + "0100000000000000" + "fffc" + "0080" + "00000000" + "0200000000000000"));

        var scans = capture.Read(TimeSpan.FromSeconds(1));

        scans.IsGood.ShouldBeTrue(scans.Fault?.Message);
        scans.Value!.Count.ShouldBe(2);
        scans.Value[0].Values.ShouldBe([(50 + 100) * 2.0 / 1000, 2]); // 0x0320 >> 4 is 50; the order is that of the request.
        scans.Value[0].TimestampNanoseconds.ShouldBe(1);
        scans.Value[1].Values.ShouldBe([(-2048 + 100) * 2.0 / 1000, -2]);
        capture.Channels.Select(channel => (channel.Name, channel.Unit)).ShouldBe([("temp", "°C"), ("accel_x", "m/s²")]);
        (Read("scan_elements/in_accel_x_en"), Read("scan_elements/in_accel_y_en"), Read("scan_elements/in_timestamp_en")).ShouldBe(("1", "0", "1"));
        (Read("buffer/length"), Read("buffer/enable"), Read("sampling_frequency"), Read("trigger/current_trigger")).ShouldBe(("64", "1", "100", "mpu6050-dev2"));
        capture.Dispose();
        Read("buffer/enable").ShouldBe("0");
        _bench.Kernel.OpenCount.ShouldBe(0);
    }

    [Fact]
    public void All_that_waits_is_read_however_much_it_is()
    {
        using var capture = Open(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_x"] });
        for (var i = 0; i < 3; i++) _samples.Chunks.Enqueue([.. Enumerable.Repeat(Convert.FromHexString("0004" + "000000000000" + "0100000000000000"), 256).SelectMany(sample => sample)]);

        capture.Read(TimeSpan.FromSeconds(1)).Value!.Count.ShouldBe(768);
    }

    [Fact]
    public void A_trigger_that_does_not_fire_is_told()
    {
        using var capture = Open(new IioCaptureRequest { Device = "iio:device2", Channels = ["accel_x"] });

        capture.Read(TimeSpan.FromSeconds(1)).Fault!.Kind.ShouldBe(HardwareFaultKind.TimedOut);
    }

    [Fact]
    public void What_cannot_be_captured_is_told_with_what_can_and_nothing_stays_open()
    {
        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_z"] }).Message.ShouldBe("mpu6050 cannot capture accel_z; it can accel_x, accel_y, temp, timestamp.");
        Fault(new IioCaptureRequest { Device = "mpu9250", Channels = ["accel_z"] }).Kind.ShouldBe(HardwareFaultKind.NotFound);
        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_x"], Trigger = "hrtimer" }).Message.ShouldBe("There is no trigger 'hrtimer'; there are mpu6050-dev2.");
        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = [] }).Kind.ShouldBe(HardwareFaultKind.BadRequest);
        Element("accel_y", 1, "le:s16/16X4>>0");
        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_y"] }).Message.ShouldContain("4 values in one");
        Element("accel_y", 1, "nonsense");
        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_y"] }).Message.ShouldContain("'nonsense'");
        _bench.Kernel.OpenCount.ShouldBe(0);
    }

    [Fact]
    public void A_device_that_is_captured_already_is_left_alone()
    {
        _bench.Tree[$"{Device}/buffer/enable"] = "1";
        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_x"] }).Kind.ShouldBe(HardwareFaultKind.Busy);
        _bench.Kernel.Nodes[Path.Combine(_bench.Paths.Devices, "iio:device2")] = -Errno.Busy;

        Fault(new IioCaptureRequest { Device = "mpu6050", Channels = ["accel_x"] }).Kind.ShouldBe(HardwareFaultKind.Busy);
        _bench.Kernel.Written.ShouldBeEmpty();
    }

    private void Element(string channel, int index, string type)
    {
        _bench.Tree[$"{Device}/scan_elements/in_{channel}_en"] = "0";
        _bench.Tree[$"{Device}/scan_elements/in_{channel}_index"] = $"{index}";
        _bench.Tree[$"{Device}/scan_elements/in_{channel}_type"] = type;
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_bench.Tree.Root, Device, file)).Trim();

    private HardwareFault Fault(IioCaptureRequest request) => _bench.Board.OpenCapture(request).Fault.ShouldNotBeNull();

    private IIioCapture Open(IioCaptureRequest request)
    {
        var capture = _bench.Board.OpenCapture(request);
        capture.IsGood.ShouldBeTrue(capture.Fault?.Message);
        return capture.Value!;
    }
}
