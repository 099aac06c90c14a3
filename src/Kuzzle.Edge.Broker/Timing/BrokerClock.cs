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
    private readonly PriorityQueue<Alarm, long> _waiting = new();
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

    /// <summary>Rings an alarm once, at the given time or a little later. There is no cancelling: an alarm knows which ringing it waits for.</summary>
    internal void Schedule(Alarm alarm, long due)
    {
        lock (_gate)
        {
            _waiting.Enqueue(alarm, due);
            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        var now = Now;
        lock (_gate) _armedFor = Never;

        while (TryTakeDue(now, out var alarm, out var due)) alarm.Ring(due, now);

        lock (_gate) Arm();
    }

    private bool TryTakeDue(long now, out Alarm alarm, out long due)
    {
        lock (_gate)
        {
            if (!_waiting.TryPeek(out alarm!, out due) || due > now) return false;

            _ = _waiting.Dequeue();
            return true;
        }
    }

    private void Arm()
    {
        if (!_waiting.TryPeek(out _, out var due) || due >= _armedFor) return;

        _armedFor = due;

        // One millisecond more than needed: a timer that fires early would have to be set again for nothing.
        var delay = Math.Clamp(due - Now + 1, 1, 24 * 60 * 60 * 1000);
        _ = _timer.Change(TimeSpan.FromMilliseconds(delay), Timeout.InfiniteTimeSpan);
    }
}
