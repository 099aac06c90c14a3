using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware.Iio;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

public sealed class CaptureTests
{
    [Fact]
    public async Task A_reading_of_a_capture_tells_its_block_and_as_many_samples_as_are_wanted()
    {
        var board = new FakeBoard { Captured = new Queue<IReadOnlyList<IioScan>>([Scans(3, -4, 3, -4)]) };
        await using var host = await new SensorHost { Board = board }.StartAsync(Vibration(series: 2));

        var reading = (await host.StoredAsync("readings", 1))[0];

        reading.GetProperty("value").GetDouble().ShouldBe(Math.Sqrt(12.5), 1e-9, "what \"reduce\" says");
        var block = reading.GetProperty("block");
        block.GetProperty("count").GetInt32().ShouldBe(4);
        block.GetProperty("min").GetDouble().ShouldBe(-4);
        block.GetProperty("max").GetDouble().ShouldBe(3);
        block.GetProperty("mean").GetDouble().ShouldBe(-0.5);
        block.GetProperty("rms").GetDouble().ShouldBe(Math.Sqrt(12.5), 1e-9);
        block.GetProperty("duration").GetDouble().ShouldBe(30, "four samples, 10 ms apart");
        block.GetProperty("series").EnumerateArray().Select(value => value.GetDouble()).ShouldBe([-0.5, -0.5], "averages of neighbours");
    }

    [Fact]
    public async Task The_kernel_keeps_as_much_as_comes_between_two_readings_and_once_more()
    {
        var board = new FakeBoard { Captured = new Queue<IReadOnlyList<IioScan>>([Scans(1)]) };
        await using var host = await new SensorHost { Board = board }.StartAsync(Vibration(series: 0) with { Interval = TimeSpan.FromSeconds(10) });

        await host.StoredAsync("readings", 1);

        board.CaptureRequest!.Length.ShouldBe(2000);
    }

    [Fact]
    public void What_does_not_fit_a_capture_is_told()
    {
        var faults = (Vibration(series: 1001) with { Samples = 2 }).FindFaults();

        faults.Select(fault => fault.Key).ShouldBe(["samples", "series"]);
    }

    private static SensorOptions Vibration(int series) => new()
    {
        Name = "motor",
        Source = SensorSourceKind.Iio,
        Chip = "adxl345",
        Channel = "accel_x",
        Capture = new CaptureOptions { Frequency = 100, Series = series },
        Reduce = Reduction.Rms,
        Store = ReadingStorage.All,
    };

    private static IReadOnlyList<IioScan> Scans(params double[] values) => [.. values.Select((value, index) => new IioScan([value], 10_000_000L * index))];
}
