using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Broker.Tests.Durability;

/// <summary>The contract of a durable store, in memory: what it has committed is what a power cut leaves.</summary>
internal sealed class ModelBrokerStore : IBrokerStore
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _mayCommit = new(initialState: true);
    private readonly SortedDictionary<long, Kept> _sessions = [];
    private readonly Dictionary<string, StoredMessage> _retained = [];
    private DateTimeOffset? _committedAt;
    private long _lastNumber;
    private TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    public bool IsDurable => true;

    /// <summary>How many commits have been written.</summary>
    public int Commits { get; private set; }

    /// <summary>Completes when a commit has come that waits.</summary>
    public Task Waits => _waits.Task;

    /// <summary>Commits wait from now on, as if the disk had stopped.</summary>
    public void Hold()
    {
        _waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _mayCommit.Reset();
    }

    public void Release() => _mayCommit.Set();

    /// <summary>The next commits fail.</summary>
    public void Fail(int times) => Volatile.Write(ref _failures, times);

    /// <summary>What a process finds that starts after a power cut at this moment.</summary>
    public ModelBrokerStore Survivor()
    {
        lock (_gate)
        {
            var survivor = new ModelBrokerStore { _committedAt = _committedAt, _lastNumber = _lastNumber };
            foreach (var (number, kept) in _sessions) survivor._sessions.Add(number, kept.Copy());
            foreach (var (topic, message) in _retained) survivor._retained.Add(topic, message);
            return survivor;
        }
    }

    public StoredBroker Load()
    {
        lock (_gate) return new StoredBroker(_committedAt, _lastNumber, [.. _sessions.Values.Select(kept => kept.ToLoaded())], [.. _retained.Values]);
    }

    public void Commit(BrokerCommit commit)
    {
        if (!_mayCommit.IsSet) _ = _waits.TrySetResult();
        _mayCommit.Wait();
        if (Volatile.Read(ref _failures) > 0)
        {
            Interlocked.Decrement(ref _failures);
            throw new BrokerStoreException("The disk is full.", null);
        }

        lock (_gate) Apply(commit);
    }

    public ValueTask DisposeAsync()
    {
        _mayCommit.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Apply(BrokerCommit commit)
    {
        Commits++;
        _committedAt = commit.At;
        foreach (var session in commit.Sessions)
        {
            _lastNumber = Math.Max(_lastNumber, session.Number);
            if (_sessions.TryGetValue(session.Number, out var kept)) kept.Session = session;
            else _sessions.Add(session.Number, new Kept(session));
        }

        foreach (var change in commit.Subscriptions)
        {
            if (!_sessions.TryGetValue(change.Session, out var kept)) continue;
            if (change.Subscription is { } subscription) kept.Subscriptions[Text(change.Filter)] = subscription;
            else _ = kept.Subscriptions.Remove(Text(change.Filter));
        }

        foreach (var change in commit.Received)
        {
            if (!_sessions.TryGetValue(change.Session, out var kept)) continue;
            if (change.IsOwned) kept.Received[change.PacketIdentifier] = change;
            else _ = kept.Received.Remove(change.PacketIdentifier);
        }

        foreach (var change in commit.Deliveries)
        {
            _lastNumber = Math.Max(_lastNumber, change.Delivery.Message?.Number ?? 0);
            if (!_sessions.TryGetValue(change.Delivery.Session, out var kept)) continue;

            (change is { IsNew: true, State: DeliveryState.Done }).ShouldBeFalse("what is done is not new");
            if (change.State != DeliveryState.Done)
            {
                kept.Deliveries.ContainsKey(change.Delivery.Sequence).ShouldBe(!change.IsNew, "new is what was not there");
                kept.Deliveries[change.Delivery.Sequence] = change with { IsNew = false };
            }
            else
            {
                _ = kept.Deliveries.Remove(change.Delivery.Sequence);
            }
        }

        foreach (var change in commit.Retained)
        {
            if (change.Message is { } message) _retained[Text(change.Topic)] = message;
            else _ = _retained.Remove(Text(change.Topic));
        }

        foreach (var number in commit.RemovedSessions) _ = _sessions.Remove(number);
        _sessions.Values.Select(kept => kept.Session.ClientId).ShouldBeUnique();
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);

    private sealed class Kept(StoredSession session)
    {
        public StoredSession Session { get; set; } = session;

        public Dictionary<string, StoredSubscription> Subscriptions { get; private init; } = [];

        public Dictionary<ushort, ReceivedChange> Received { get; private init; } = [];

        public SortedDictionary<long, DeliveryChange> Deliveries { get; private init; } = [];

        public Kept Copy() => new(Session) { Subscriptions = new(Subscriptions), Received = new(Received), Deliveries = new(Deliveries) };

        // The message of a released one is not kept by a store that saves space.
        public LoadedSession ToLoaded() => new(
            Session,
            [.. Subscriptions.Values],
            [.. Received.Values],
            [.. Deliveries.Values.Select(change => change.State == DeliveryState.Released ? change with { Delivery = change.Delivery with { Message = null } } : change)]);
    }
}
