using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Devices.Tests.Sensors.Clocks;

public sealed class KernelWallClockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kuzzle-edge-clock-");

    private string Flag => Path.Combine(_folder.FullName, "timesync", "synchronized");

    [Theory]
    [InlineData(true, false, false, 1970, true)]
    [InlineData(false, false, false, 2027, false)]
    [InlineData(false, true, true, 2027, true)]
    [InlineData(null, true, false, 2027, false)]
    [InlineData(null, true, true, 2027, true)]
    [InlineData(null, false, false, 2027, true)]
    [InlineData(null, false, false, 1970, false)]
    public void The_clock_is_right_when_the_kernel_or_the_time_service_says_so_or_when_nobody_can_and_the_year_may_be(
        bool? kernel, bool hasService, bool isSetByService, int year, bool expected)
    {
        if (hasService) Directory.CreateDirectory(Path.GetDirectoryName(Flag)!);
        if (isSetByService) File.WriteAllText(Flag, "");
        var clock = new ManualClock();
        clock.Set(new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero));

        var wall = new KernelWallClock(clock, Flag, () => kernel);

        wall.IsSynchronised.ShouldBe(expected);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
