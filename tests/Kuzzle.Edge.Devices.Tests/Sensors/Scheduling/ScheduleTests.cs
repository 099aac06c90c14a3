using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests.Sensors.Scheduling;

public sealed class ScheduleTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly ReaderThreads _threads = new(static () => { }, NullLogger.Instance);
    private readonly Schedule _schedule;
    private readonly List<ManualProbe> _probes = [];

    public ScheduleTests() => _schedule = new Schedule(_threads, _clock, NullLogger.Instance);

    public void Dispose()
    {
        foreach (var probe in _probes) probe.Answers.Set();
        _schedule.Dispose();
        _threads.Dispose();
    }

    [Fact]
    public async Task Each_is_read_at_once_and_then_once_in_its_interval()
    {
        var fast = Add(new ManualProbe());
        var slow = Add(new ManualProbe { Interval = TimeSpan.FromSeconds(3) });
        await Waiting.UntilAsync(() => fast.Accepted == 1 && slow.Accepted == 1);

        for (var second = 1; second <= 6; second++)
        {
            var wanted = (Fast: fast.Accepted + 1, Slow: slow.Accepted + (second % 3 == 0 ? 1 : 0));
            await AdvanceAsync(TimeSpan.FromSeconds(1), () => fast.Accepted == wanted.Fast && slow.Accepted == wanted.Slow);
        }

        (fast.Accepted, slow.Accepted).ShouldBe((7, 3));
    }

    [Fact]
    public async Task One_that_hangs_delays_only_itself_and_is_read_again_once_it_answers()
    {
        var hanging = new ManualProbe();
        hanging.Answers.Reset();
        Add(hanging);
        await Waiting.UntilAsync(() => hanging.Reader is not null);
        List<ManualProbe> others = [.. Enumerable.Range(0, 5).Select(_ => Add(new ManualProbe()))];

        for (var second = 1; second <= 5; second++)
        {
            var wanted = others[0].Accepted + 1;
            await AdvanceAsync(TimeSpan.FromSeconds(1), () => others.TrueForAll(other => other.Accepted >= wanted));
        }

        (hanging.Accepted, hanging.TimedOutTimes).ShouldBe((0, 1), "it is told once, however long it hangs");
        others.ShouldAllBe(other => other.TimedOutTimes == 0);
        hanging.Answers.Set();
        await AdvanceAsync(TimeSpan.FromSeconds(1), () => hanging.Accepted >= 1);
    }

    [Fact]
    public async Task However_many_hang_there_are_no_more_threads_than_the_bound_says_and_those_who_wait_are_told()
    {
        List<ManualProbe> hanging = [.. Enumerable.Range(0, ReaderThreads.MaxThreads).Select(_ => new ManualProbe { Timeout = TimeSpan.FromMinutes(1) })];
        foreach (var probe in hanging)
        {
            probe.Answers.Reset();
            Add(probe);
        }

        await AdvanceAsync(TimeSpan.FromMilliseconds(20), () => hanging.TrueForAll(probe => probe.Reader is not null));
        var waiting = Add(new ManualProbe());
        await AdvanceAsync(TimeSpan.FromSeconds(2), () => waiting.StarvedTimes == 1);

        _threads.Threads.ShouldBe(ReaderThreads.MaxThreads);
        waiting.Accepted.ShouldBe(0);
        hanging[0].Answers.Set();
        await AdvanceAsync(TimeSpan.FromSeconds(1), () => waiting.Accepted >= 1);
    }

    [Fact]
    public async Task No_thread_of_the_pool_waits_for_a_chip()
    {
        var probe = Add(new ManualProbe());

        await Waiting.UntilAsync(() => probe.Accepted == 1);

        probe.Reader!.IsThreadPoolThread.ShouldBeFalse();
        probe.Reader.IsBackground.ShouldBeTrue("a driver that hangs must not hold up the end of the process");
    }

    [Fact]
    public async Task A_thousand_that_answer_at_once_need_few_threads()
    {
        List<ManualProbe> many = [.. Enumerable.Range(0, 1000).Select(_ => Add(new ManualProbe()))];
        await Waiting.UntilAsync(() => many.TrueForAll(probe => probe.Accepted == 1));

        await AdvanceAsync(TimeSpan.FromSeconds(1), () => many.TrueForAll(probe => probe.Accepted >= 2));

        _threads.Threads.ShouldBeLessThan(ReaderThreads.MaxThreads);
    }

    [Fact]
    public async Task Who_asks_out_of_turn_has_an_answer_and_the_schedule_stays()
    {
        var probe = Add(new ManualProbe());
        await Waiting.UntilAsync(() => probe.Accepted == 1);

        var measured = await _schedule.ReadAsync(probe);

        measured!.Single().Value.ShouldBe(1);
        probe.Accepted.ShouldBe(1, "what somebody asks for is not published");
        await AdvanceAsync(TimeSpan.FromSeconds(1), () => probe.Accepted == 2);
    }

    [Fact]
    public async Task Who_asks_one_that_hangs_is_told_when_its_time_is_up()
    {
        var probe = new ManualProbe();
        probe.Answers.Reset();
        Add(probe);
        await Waiting.UntilAsync(() => probe.Reader is not null);

        var asked = _schedule.ReadAsync(probe);
        await AdvanceAsync(TimeSpan.FromSeconds(2), () => asked.IsCompleted);

        (await asked).ShouldBeNull();
    }

    private ManualProbe Add(ManualProbe probe)
    {
        _probes.Add(probe);
        _schedule.Add(probe);
        return probe;
    }

    /// <summary>Turns the clock, again and again: what happens on other threads sets timers of its own.</summary>
    private Task AdvanceAsync(TimeSpan step, Func<bool> condition) => Waiting.TurningAsync(_clock, step, condition);
}
