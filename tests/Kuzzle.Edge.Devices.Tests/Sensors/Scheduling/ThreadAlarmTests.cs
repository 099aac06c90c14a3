using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests.Sensors.Scheduling;

public sealed class ThreadAlarmTests
{
    private int _rung;

    private int Rung => Volatile.Read(ref _rung);

    [Fact]
    public async Task It_rings_once_for_each_time_it_is_set()
    {
        using var alarm = New();

        alarm.SetFor(TimeSpan.FromMilliseconds(1));
        await Waiting.UntilAsync(() => Rung == 1);
        alarm.SetFor(TimeSpan.Zero);
        await Waiting.UntilAsync(() => Rung == 2);
    }

    [Fact]
    public async Task It_can_be_set_to_an_earlier_time()
    {
        using var alarm = New();

        alarm.SetFor(TimeSpan.FromDays(60));
        alarm.SetFor(TimeSpan.FromMilliseconds(1));

        await Waiting.UntilAsync(() => Rung == 1);
    }

    [Fact]
    public async Task What_fails_when_it_rings_ends_no_later_ringing()
    {
        using var alarm = new ThreadAlarm(
            () =>
            {
                if (Interlocked.Increment(ref _rung) == 1) throw new InvalidOperationException("the first one fails");
            },
            NullLogger.Instance);

        alarm.SetFor(TimeSpan.Zero);
        await Waiting.UntilAsync(() => Rung == 1);
        alarm.SetFor(TimeSpan.Zero);

        await Waiting.UntilAsync(() => Rung == 2);
    }

    [Fact]
    public void It_may_be_disposed_of_twice_and_set_after_that()
    {
        var alarm = New();

        alarm.Dispose();
        alarm.Dispose();

        Should.NotThrow(() => alarm.SetFor(TimeSpan.Zero));
    }

    private ThreadAlarm New() => new(() => Interlocked.Increment(ref _rung), NullLogger.Instance);
}
