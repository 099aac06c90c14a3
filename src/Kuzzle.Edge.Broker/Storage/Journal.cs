using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Storage;

/// <summary>
/// Gathers what must outlive the process and writes it, one commit after the other, on a thread of its own: while one is written the next is gathered, so a commit
/// grows with the load. A change gives a ticket, and who must not go on before it is on the disk waits for that. Ticket 0 is always on the disk.
/// </summary>
internal sealed partial class Journal : IAsyncDisposable
{
    /// <summary>How long changes are gathered that nobody waits for.</summary>
    private static readonly TimeSpan Leisure = TimeSpan.FromMilliseconds(50);

    /// <summary>How many waiters are told by the writing thread itself, before the next commit.</summary>
    private const int ToldAtOnce = 4;

    /// <summary>How long the journal waits before it tries a commit again that has failed.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IBrokerStore _store;
    private readonly BrokerClock _clock;
    private readonly DeliveryBatchPool _batches;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly object _gate = new(); // A monitor: the writer waits on it.
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalGeneration _gathering = new(1);
    private JournalGeneration? _writing;
    private Thread? _writer;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private long _lastNumber;
    private long _committed;
    private int _together;
    private bool _isSealing;
    private bool _isUrgent;
    private bool _isStopping;
    private string? _fault;

    public Journal(IBrokerStore store, BrokerClock clock, DeliveryBatchPool batches, BrokerMetrics metrics, ILogger logger)
    {
        _store = store;
        _clock = clock;
        _batches = batches;
        _metrics = metrics;
        _logger = logger;
        IsDurable = store.IsDurable;
    }

    /// <summary>Whether there is anything to write to. If not, nothing else here may be used.</summary>
    public bool IsDurable { get; }

    /// <summary>Why commits fail at the moment, or null.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Reads what earlier processes have committed, and begins to write.</summary>
    public StoredBroker Start()
    {
        var stored = _store.Load();
        _lastNumber = stored.LastNumber;

        // A board without a clock of its own begins in the past until it hears the time: then it stands still for us.
        if (stored.CommittedAt is { } committedAt) _notBefore = committedAt;
        _writer = new Thread(Write) { IsBackground = true, Name = "broker journal" };
        _writer.Start();
        return stored;
    }

    /// <summary>A number that no session and no message has had.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>The wall clock, which is never before the last commit of an earlier process.</summary>
    public DateTimeOffset WallNow
    {
        get
        {
            var now = _clock.Time.GetUtcNow();
            return now < _notBefore ? _notBefore : now;
        }
    }

    /// <summary>The wall clock's time of a time of the broker's clock.</summary>
    public DateTimeOffset? WallTimeOf(long time) => time == BrokerClock.Never ? null : WallNow.AddMilliseconds(Math.Min(time - _clock.Now, 200L * 365 * 24 * 3600 * 1000));

    /// <summary>The broker's clock at a time of the wall clock.</summary>
    public long TimeOf(DateTimeOffset? time) => time is { } at ? _clock.Now + (long)(at - WallNow).TotalMilliseconds : BrokerClock.Never;

    /// <summary>The ticket of the newest commit that is on the disk.</summary>
    public long LastCommitted => Volatile.Read(ref _committed);

    /// <summary>The ticket of the newest change.</summary>
    public long LastGathered
    {
        get
        {
            lock (_gate) return _gathering.HasChanges ? _gathering.Ticket : _gathering.Ticket - 1;
        }
    }

    /// <summary>Whether what gave this ticket is on the disk.</summary>
    public bool IsCommitted(long ticket) => LastCommitted >= ticket;

    /// <summary>What changes until <see cref="EndTogether"/>, on this thread, is written with one commit. Not to be nested, and only for moments.</summary>
    public void BeginTogether()
    {
        lock (_gate)
        {
            while (_isSealing) Monitor.Wait(_gate);
            _together++;
        }
    }

    /// <inheritdoc cref="BeginTogether"/>
    public void EndTogether()
    {
        lock (_gate)
        {
            if (--_together == 0) Monitor.PulseAll(_gate);
        }
    }

    public long Save(StoredSession session)
    {
        lock (_gate)
        {
            _gathering.Sessions[session.Number] = session;
            return ChangedLocked();
        }
    }

    public void Remove(long session)
    {
        lock (_gate)
        {
            _gathering.Sessions.Remove(session);
            _gathering.RemovedSessions.Add(session);
            ChangedLocked();
        }
    }

    public long Change(SubscriptionChange change)
    {
        lock (_gate)
        {
            _gathering.Commit.SubscriptionList.Add(change);
            return ChangedLocked();
        }
    }

    public long Change(ReceivedChange change)
    {
        lock (_gate)
        {
            _gathering.Commit.ReceivedList.Add(change);
            return ChangedLocked();
        }
    }

    public long Change(JournaledDelivery delivery, DeliveryState state, ushort packetIdentifier)
    {
        lock (_gate)
        {
            delivery.State = state;
            delivery.PacketIdentifier = packetIdentifier;
            if (!delivery.IsGathered)
            {
                if (state == DeliveryState.Done && !delivery.IsStored) return 0;

                delivery.IsGathered = true;
                _gathering.Deliveries.Add(delivery);
            }

            return ChangedLocked();
        }
    }

    /// <summary>A topic retains something else. The place of its last change is remembered with the topic, so that only the last one is written.</summary>
    public long Change(RetainedChange change, ref RetainedPlace place)
    {
        lock (_gate)
        {
            var changes = _gathering.Commit.RetainedList;
            if (place.Ticket == _gathering.Ticket)
            {
                changes[place.Index] = change;
            }
            else
            {
                place = new RetainedPlace(_gathering.Ticket, changes.Count);
                changes.Add(change);
            }

            return ChangedLocked();
        }
    }

    /// <summary>Has the waiter called once a ticket's commit is on the disk.</summary>
    /// <returns>False when it is there already: then nobody is called.</returns>
    public bool TryWait(long ticket, IJournalWaiter waiter)
    {
        lock (_gate)
        {
            if (IsCommitted(ticket)) return false;

            var generation = ticket == _gathering.Ticket ? _gathering : _writing!;
            generation.Waiters.Add(waiter);
            if (generation == _gathering && !_isUrgent)
            {
                _isUrgent = true;
                Monitor.PulseAll(_gate);
            }

            return true;
        }
    }

    /// <summary>Completes once a ticket's commit is on the disk.</summary>
    public Task WhenCommittedAsync(long ticket)
    {
        if (IsCommitted(ticket)) return Task.CompletedTask;

        var waiter = new CommitTask();
        return TryWait(ticket, waiter) ? waiter.Task : Task.CompletedTask;
    }

    /// <summary>Writes what was gathered, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is null) return;

        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        await _written.Task.ConfigureAwait(false);
    }

    private long ChangedLocked()
    {
        if (!_gathering.HasChanges)
        {
            _gathering.HasChanges = true;
            Monitor.PulseAll(_gate);
        }

        return _gathering.Ticket;
    }

    private void Write()
    {
        while (TakeGeneration() is { } generation)
        {
            if (!generation.Commit.IsEmpty && !TryCommit(generation.Commit)) break;

            lock (_gate)
            {
                _writing = null;
                Volatile.Write(ref _committed, generation.Ticket);
            }

            // A few are told from here: to wake another thread for them costs more than they do.
            if (generation.Waiters.Count > ToldAtOnce) ThreadPool.UnsafeQueueUserWorkItem(Tell, generation.Waiters, preferLocal: false);
            else if (generation.Waiters.Count > 0) Tell(generation.Waiters);
        }

        _written.TrySetResult();
    }

    /// <summary>Waits for changes, and for some time for more of them if nobody is in a hurry.</summary>
    /// <returns>Null when the journal stops and everything is written.</returns>
    private JournalGeneration? TakeGeneration()
    {
        lock (_gate)
        {
            while (!_gathering.HasChanges && !_isStopping) Monitor.Wait(_gate);
            if (!_gathering.HasChanges) return null;

            var gatherUntil = Environment.TickCount64 + (long)Leisure.TotalMilliseconds;
            while (!_isUrgent && !_isStopping && gatherUntil - Environment.TickCount64 is > 0 and var left) Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left));

            _isSealing = true;
            while (_together > 0) Monitor.Wait(_gate);

            var generation = _writing = _gathering;
            generation.Seal(WallNow);
            _gathering = new JournalGeneration(generation.Ticket + 1);
            _isUrgent = false;
            _isSealing = false;
            Monitor.PulseAll(_gate);
            return generation;
        }
    }

    /// <summary>Tries until it works: until then those who wait have no acknowledgement, and will send again what is lost if the process ends.</summary>
    /// <returns>False when the journal stops before it worked.</returns>
    private bool TryCommit(BrokerCommit commit)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var began = _clock.Time.GetTimestamp();
                _store.Commit(commit);
                _metrics.Committed(commit, _clock.Time.GetElapsedTime(began));
                if (attempt > 0) LogWorksAgain(_logger, attempt);
                Volatile.Write(ref _fault, null);
                return true;
            }
            catch (Exception failure)
            {
                // Any exception: the thread must live, and nothing may be acknowledged that is not on the disk.
                Volatile.Write(ref _fault, failure.Message);
                if (attempt % 60 == 0) LogCommitFailed(_logger, failure);
            }

            lock (_gate)
            {
                if (_isStopping)
                {
                    LogGivenUp(_logger);
                    return false;
                }

                Monitor.Wait(_gate, RetryAfter);
            }
        }
    }

    private void Tell(List<IJournalWaiter> waiters)
    {
        var batch = _batches.Rent();
        foreach (var waiter in waiters)
        {
            waiter.OnCommitted(batch);
            batch.FlushIfLarge();
        }

        _batches.Finish(batch);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "MQTT sessions and messages cannot be written; what is received waits for its acknowledgement until they can")]
    private static partial void LogCommitFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MQTT sessions and messages are written again, after {Attempts} failed attempts")]
    private static partial void LogWorksAgain(ILogger logger, int attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker stops while its sessions and messages cannot be written: what was not acknowledged is lost here")]
    private static partial void LogGivenUp(ILogger logger);

    private sealed class CommitTask : TaskCompletionSource, IJournalWaiter
    {
        public CommitTask()
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
        }

        public void OnCommitted(DeliveryBatch batch) => TrySetResult();
    }
}
