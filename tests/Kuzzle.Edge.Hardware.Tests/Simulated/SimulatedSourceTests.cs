using Kuzzle.Edge.Hardware.Simulated;

namespace Kuzzle.Edge.Hardware.Tests.Simulated;

public sealed class SimulatedSourceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_seed_and_time_give_the_same_value()
    {
        Source(7).Measure(Noon).ShouldBe(Source(7).Measure(Noon));
        Source(8).Measure(Noon).ShouldNotBe(Source(7).Measure(Noon));
    }

    [Fact]
    public void Values_wander_through_the_whole_band_and_not_beyond_its_noise()
    {
        var values = Enumerable.Range(0, 600).Select(second => Source(7).Measure(Noon.AddSeconds(second)).Value).ToList();

        values.Min().ShouldBeInRange(16.75, 17.25);
        values.Max().ShouldBeInRange(24.75, 25.25);
    }

    private static SimulatedSource Source(int seed) => new(seed, mean: 21, amplitude: 4, TimeSpan.FromMinutes(10));
}
