namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>An alarm clock of any time source, by its timers.</summary>
internal sealed class TimerAlarm : IAlarmClock
{
    private readonly ITimer _timer;

    /// <param name="clock">Whose time it is.</param>
    /// <param name="ring">What is to be done; on a thread of the pool, if the time source says so.</param>
    public TimerAlarm(TimeProvider clock, Action ring) =>
        _timer = clock.CreateTimer(static ring => ((Action)ring!)(), ring, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    // Timers count whole milliseconds and cut off the rest: without rounding up it would ring a little early, several times.
    public void SetFor(TimeSpan delay) => _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
