using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Tests.Timing;

public sealed class AlarmHeapTests
{
    /// <summary>Each number of the input is one step: set an alarm's time, or take the alarm out.</summary>
    [Fact]
    public void The_first_is_always_the_one_that_is_due_next() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        steps =>
        {
            using var clock = new BrokerClock(new ManualClock());
            var alarms = Enumerable.Range(0, 40).Select(_ => new Alarm(clock, new Nobody())).ToArray();
            var heap = new AlarmHeap();
            var expected = new Dictionary<Alarm, long>();
            foreach (var step in steps)
            {
                var alarm = alarms[(uint)step % alarms.Length];
                if (step % 3 == 0)
                {
                    heap.Remove(alarm);
                    expected.Remove(alarm);
                }
                else
                {
                    alarm.Due = Math.Min(step, expected.GetValueOrDefault(alarm, long.MaxValue));
                    heap.Raise(alarm);
                    expected[alarm] = alarm.Due;
                }

                if (heap.Count != expected.Count || heap.First?.Due != expected.Values.Cast<long?>().Min()) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Alarms_leave_in_the_order_of_their_times()
    {
        using var clock = new BrokerClock(new ManualClock());
        var heap = new AlarmHeap();
        var times = Enumerable.Range(0, 1000).Select(i => i * 7919L % 1009).ToArray();

        foreach (var time in times) heap.Raise(new Alarm(clock, new Nobody()) { Due = time });
        var taken = new List<long>();
        while (heap.First is { } first)
        {
            taken.Add(first.Due);
            heap.Remove(first);
        }

        taken.ShouldBe(times.Order());
    }

    [Fact]
    public void A_disarmed_alarm_is_forgotten_at_once()
    {
        using var clock = new BrokerClock(new ManualClock());
        var alarm = new Alarm(clock, new Nobody());
        alarm.Set(1000);

        alarm.Disarm();

        clock.WaitingCount.ShouldBe(0);
    }

    private sealed class Nobody : IDue
    {
        public long OnDue(long now) => BrokerClock.Never;
    }
}
