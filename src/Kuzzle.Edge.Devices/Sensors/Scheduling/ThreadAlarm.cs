using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>
/// An alarm clock of the machine's own time: a thread that waits. A timer of the runtime would wake its timer thread and then one of the pool, which looks around for more work
/// before it sleeps again: at one reading a second that alone costs more than the readings.
/// </summary>
internal sealed partial class ThreadAlarm : IAlarmClock
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly Action _ring;
    private readonly ILogger _logger;
    private long? _due;
    private bool _isStopped;

    public ThreadAlarm(Action ring, ILogger logger)
    {
        _ring = ring;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "sensor schedule" }.Start();
    }

    public void SetFor(TimeSpan delay)
    {
        var due = Stopwatch.GetTimestamp() + (long)Math.Ceiling(delay.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            var before = _due;
            _due = due;
            if (!_isStopped && !(before <= due)) _changed.Set(); // Else the thread wakes before that anyway, and looks again.
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isStopped) return;

            _isStopped = true;
            _changed.Set(); // Within the lock, for the thread disposes of it when it ends.
        }
    }

    private void Run()
    {
        using (_changed)
        {
            while (Wait())
            {
                try
                {
                    _ring();
                }
                catch (Exception unexpected)
                {
                    // The outermost loop of this thread: whoever else is due needs it.
                    LogUnexpected(unexpected);
                }
            }
        }
    }

    /// <summary>Returns when it is time; false when it is to end.</summary>
    private bool Wait()
    {
        while (true)
        {
            TimeSpan left;
            lock (_gate)
            {
                if (_isStopped) return false;

                left = _due is { } due ? Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) : Timeout.InfiniteTimeSpan;
                if (_due is not null && left <= TimeSpan.Zero)
                {
                    _due = null;
                    return true;
                }
            }

            // Waits count whole milliseconds and cut off the rest.
            _changed.WaitOne(left == Timeout.InfiniteTimeSpan ? left : TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue)));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The schedule of the sensors has failed unexpectedly")]
    private partial void LogUnexpected(Exception unexpected);
}
