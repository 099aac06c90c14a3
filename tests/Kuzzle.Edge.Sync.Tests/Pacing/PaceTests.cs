using Kuzzle.Edge.Sync.Pacing;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Pacing;

public sealed class PaceTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void On_average_no_more_is_sent_than_the_rate_however_large_the_requests_are()
    {
        var pace = new Pace(1000, _clock);
        var sent = 0L;
        var began = _clock.GetUtcNow();
        foreach (var size in (long[])[10, 5000, 999, 1, 20_000, 1000, 300])
        {
            if (pace.Wait is var wait && wait > TimeSpan.Zero) _clock.Advance(wait + TimeSpan.FromMilliseconds(1));
            pace.Wait.ShouldBe(TimeSpan.Zero);

            // What the request before took too much was waited for; a second's worth may have gathered.
            sent.ShouldBeLessThanOrEqualTo((long)(1000 * (_clock.GetUtcNow() - began).TotalSeconds) + 1000);
            pace.Spend(size);
            sent += size;
        }
    }

    [Fact]
    public void What_was_not_used_gathers_to_a_seconds_worth_and_no_further()
    {
        var pace = new Pace(1000, _clock);
        _clock.Advance(TimeSpan.FromHours(1));

        pace.Wait.ShouldBe(TimeSpan.Zero);
        pace.Spend(3000);

        pace.Wait.ShouldBe(TimeSpan.FromSeconds(2.001));
    }

    [Fact]
    public void Without_a_rate_nothing_waits()
    {
        var pace = new Pace(null, _clock);
        pace.Spend(long.MaxValue);
        (pace.Wait, pace.MaxRequestBytes).ShouldBe((TimeSpan.Zero, long.MaxValue));
    }
}
