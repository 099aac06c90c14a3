using Kuzzle.Edge.Hardware.Sensors;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>
/// Who is read when. Readings of one interval fall together, so that a box with many sensors wakes once for all of them and their readings share a commit. Runs on the
/// monotonic clock: setting the time moves no reading.
/// </summary>
internal sealed class Schedule : IDisposable
{
    /// <summary>How long jobs may wait before one more thread helps. Shorter would make threads for chips that answer at once; longer delays what waits behind a slow one.</summary>
    private static readonly TimeSpan ReinforceAfter = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly ReaderThreads _readers;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly IAlarmClock _alarm;
    private TimeSpan _wakesAt = TimeSpan.MaxValue;
    private TimeSpan _reinforceAt;
    private bool _isStopped;

    public Schedule(ReaderThreads readers, TimeProvider clock, ILogger logger)
    {
        _readers = readers;
        _clock = clock;
        _origin = clock.GetTimestamp();
        _alarm = clock == TimeProvider.System ? new ThreadAlarm(Wake, logger) : new TimerAlarm(clock, Wake);
    }

    private TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>How long ago it should have woken and has not. A clock that stands still, or a thread that does not let go of the schedule, makes it grow.</summary>
    public TimeSpan Lateness
    {
        get
        {
            lock (_gate)
            {
                var late = Now - _wakesAt;
                return _isStopped || late < TimeSpan.Zero ? TimeSpan.Zero : late;
            }
        }
    }

    /// <summary>Adds one; it is read at once, and then on the multiples of its interval.</summary>
    public void Add(params IReadOnlyList<IScheduled> scheduled)
    {
        lock (_gate)
        {
            foreach (var one in scheduled) _entries.Add(new Entry(this, one) { DueAt = Now });
        }

        Wake();
    }

    /// <summary>Removes one. A reading under way ends without effect.</summary>
    public void Remove(IScheduled scheduled)
    {
        lock (_gate)
        {
            var at = _entries.FindIndex(entry => entry.Scheduled == scheduled);
            if (at < 0) return;
            _entries[at].IsRemoved = true;
            _entries[at].Answer(null);
            _entries.RemoveAt(at);
        }
    }

    /// <summary>
    /// Reads one now, out of turn, and answers what was measured, or null when it did not answer in time or is no longer there. A reading that is under way is what is answered.
    /// </summary>
    public Task<Measurement[]?> ReadAsync(IScheduled scheduled)
    {
        Task<Measurement[]?> answer;
        Entry urgent;
        lock (_gate)
        {
            var entry = _entries.Find(entry => entry.Scheduled == scheduled);
            if (entry is null || entry.HasTimedOut || _isStopped) return Task.FromResult<Measurement[]?>(null);

            answer = entry.AskAsync();
            if (entry.IsReading) return answer;
            entry.Begin(Now, isOutOfTurn: true);
            Arm(Now, mayWait: true);
            urgent = entry;
        }

        _readers.EnqueueUrgent(urgent);
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            foreach (var entry in _entries) entry.Answer(null);
        }

        _alarm.Dispose();
    }

    private void Wake()
    {
        List<Entry> due = [];
        List<Entry>? late = null;
        lock (_gate)
        {
            if (_isStopped) return;

            var now = Now;
            if (_readers.Waiting == 0)
            {
                _reinforceAt = now + ReinforceAfter;
            }
            else if (now >= _reinforceAt)
            {
                _readers.Reinforce();
                _reinforceAt = now + ReinforceAfter;
            }

            foreach (var entry in _entries)
            {
                if (!entry.IsReading && entry.DueAt <= now)
                {
                    entry.Begin(now, isOutOfTurn: false);
                    due.Add(entry);
                }
                else if (entry.IsReading && entry.DeadlineAt <= now)
                {
                    entry.DeadlineAt = TimeSpan.MaxValue;
                    entry.HasTimedOut = entry.HasThread;
                    entry.Answer(null);
                    (late ??= []).Add(entry);
                }
            }

            _wakesAt = TimeSpan.MaxValue;
            Arm(now, mayWait: due.Count > 0);
        }

        _readers.Enqueue(due); // Outside of the lock, which the first thing that they do is to take.
        foreach (var entry in late ?? [])
        {
            if (entry.HasTimedOut) entry.Scheduled.TimedOut();
            else entry.Scheduled.Starved();
        }
    }

    private void Arm(TimeSpan now, bool mayWait)
    {
        if (_isStopped) return;

        var next = mayWait || _readers.Waiting > 0 ? _reinforceAt : TimeSpan.MaxValue;
        foreach (var entry in _entries)
        {
            var at = entry.IsReading ? entry.DeadlineAt : entry.DueAt;
            if (at < next) next = at;
        }

        ArmFor(next, now);
    }

    private void ArmFor(TimeSpan at, TimeSpan now)
    {
        if (_isStopped || at >= _wakesAt) return;

        _wakesAt = at;
        _alarm.SetFor(at > now ? at - now : TimeSpan.Zero);
    }

    private sealed class Entry(Schedule schedule, IScheduled scheduled) : IReadJob
    {
        private List<TaskCompletionSource<Measurement[]?>>? _askers;
        private bool _isOutOfTurn;

        public IScheduled Scheduled => scheduled;

        public TimeSpan DueAt { get; set; }

        public TimeSpan DeadlineAt { get; set; } = TimeSpan.MaxValue;

        public bool IsReading { get; private set; }

        public bool HasTimedOut { get; set; }

        public bool IsRemoved { get; set; }

        /// <summary>Whether a thread has begun with it.</summary>
        public bool HasThread { get; private set; }

        public void Begin(TimeSpan now, bool isOutOfTurn)
        {
            IsReading = true;
            HasThread = false;
            DeadlineAt = now + scheduled.Timeout;
            _isOutOfTurn = isOutOfTurn;
        }

        public Task<Measurement[]?> AskAsync()
        {
            var asker = new TaskCompletionSource<Measurement[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
            (_askers ??= []).Add(asker);
            return asker.Task;
        }

        public void Answer(Measurement[]? measured)
        {
            foreach (var asker in _askers ?? []) asker.TrySetResult(measured);
            _askers = null;
        }

        public void Run()
        {
            lock (schedule._gate)
            {
                if (IsRemoved) return;
                var now = schedule.Now;
                HasThread = true;
                DeadlineAt = now + scheduled.Timeout; // From now, not from when it was due: waiting for a thread is not its fault.
                schedule.ArmFor(DeadlineAt, now);
            }

            var at = schedule._clock.GetUtcNow();
            var measured = scheduled.Measure(at);
            bool isWanted;
            lock (schedule._gate)
            {
                DeadlineAt = TimeSpan.MaxValue;
                isWanted = !HasTimedOut && !IsRemoved && !schedule._isStopped;
                Answer(isWanted ? measured : null);
            }

            var pause = isWanted && !_isOutOfTurn ? scheduled.Accept(at, measured) : null;
            lock (schedule._gate)
            {
                var now = schedule.Now;
                if (!_isOutOfTurn || DueAt <= now) DueAt = pause is { } wait ? now + wait : NextOnSchedule(now);
                IsReading = false;
                HasTimedOut = false;
                if (!IsRemoved) schedule.ArmFor(DueAt, now);
            }
        }

        private TimeSpan NextOnSchedule(TimeSpan now) => scheduled.Interval * (Math.Floor(now / scheduled.Interval) + 1);
    }
}
