namespace Kuzzle.Edge.Broker.Timing;

/// <summary>
/// The broker's time, in milliseconds since it began and never set back, and one timer for everything that waits: keep-alives, expiries, delayed wills. With
/// nothing scheduled nothing ticks.
/// </summary>
internal sealed class BrokerClock : IDisposable
{
    public const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly AlarmHeap _waiting = new();
    private readonly ITimer _timer;
    private long _armedFor = Never;

    public BrokerClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static clock => ((BrokerClock)clock!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where the time comes from.</summary>
    public TimeProvider Time => _time;

    public long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>How many alarms wait, for tests of what is left behind.</summary>
    internal int WaitingCount
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Has an alarm ring at the given time or a little later, unless it will ring before anyway.</summary>
    internal void Schedule(Alarm alarm, long due)
    {
        lock (_gate)
        {
            if (alarm.Target is null || due >= alarm.Due || due == Never) return;

            alarm.Due = due;
            _waiting.Raise(alarm);
            Arm();
        }
    }

    internal void Disarm(Alarm alarm)
    {
        lock (_gate)
        {
            alarm.Target = null;
            _waiting.Remove(alarm);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        var now = Now;
        lock (_gate) _armedFor = Never;

        while (TryTakeDue(now) is { } alarm)
        {
            if (alarm.Target is { } target) Schedule(alarm, Math.Max(target.OnDue(now), now + 1));
        }

        lock (_gate) Arm();
    }

    private Alarm? TryTakeDue(long now)
    {
        lock (_gate)
        {
            if (_waiting.First is not { } alarm || alarm.Due > now) return null;

            _waiting.Remove(alarm);
            alarm.Due = Never;
            return alarm;
        }
    }

    private void Arm()
    {
        if (_waiting.First is not { } next || next.Due >= _armedFor) return;

        _armedFor = next.Due;

        // One millisecond more than needed: a timer that fires early would have to be set again for nothing.
        var delay = Math.Clamp(next.Due - Now + 1, 1, 24 * 60 * 60 * 1000);
        _ = _timer.Change(TimeSpan.FromMilliseconds(delay), Timeout.InfiniteTimeSpan);
    }
}
