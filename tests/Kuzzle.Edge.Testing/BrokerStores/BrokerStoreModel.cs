using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Testing.BrokerStores;

/// <summary>What a store of broker state must hold after each commit, said in the plainest way.</summary>
public sealed class BrokerStoreModel
{
    private readonly SortedDictionary<long, Kept> _sessions = [];
    private readonly SortedDictionary<string, StoredMessage> _retained = new(StringComparer.Ordinal);
    private DateTimeOffset? _committedAt;
    private long _lastNumber;

    /// <summary>The greatest number among sessions and messages that were stored.</summary>
    public long LastNumber => _lastNumber;

    /// <summary>The sessions that are there.</summary>
    public IEnumerable<long> Sessions => _sessions.Keys;

    /// <summary>The deliveries that are there.</summary>
    public IEnumerable<DeliveryChange> Deliveries => _sessions.Values.SelectMany(kept => kept.Deliveries.Values);

    /// <summary>The messages that topics retain.</summary>
    public IEnumerable<StoredMessage> Retained => _retained.Values;

    /// <summary>What a store would load.</summary>
    public StoredBroker Load() => new(_committedAt, _lastNumber, [.. _sessions.Values.Select(kept => kept.ToLoaded())], [.. _retained.Values]);

    /// <summary>Does what a commit says.</summary>
    public void Apply(BrokerCommit commit)
    {
        _committedAt = commit.At;
        foreach (var session in commit.Sessions)
        {
            Saw(session.Number);
            Saw(session.Will?.Message);
            if (_sessions.TryGetValue(session.Number, out var kept)) kept.Session = session;
            else _sessions.Add(session.Number, new Kept(session));
        }

        foreach (var change in commit.Subscriptions)
        {
            if (_sessions.TryGetValue(change.Session, out var kept)) Set(kept.Subscriptions, Convert.ToHexString(change.Filter.Span), change.Subscription);
        }

        foreach (var change in commit.Received)
        {
            if (!_sessions.TryGetValue(change.Session, out var kept)) continue;

            Saw(change.Held);
            Set(kept.Received, change.PacketIdentifier, change.IsOwned ? change : null);
        }

        foreach (var change in commit.Deliveries)
        {
            if (!_sessions.TryGetValue(change.Delivery.Session, out var kept)) continue;

            Saw(change.Delivery.Message);
            if (change.State == DeliveryState.Done) _ = kept.Deliveries.Remove(change.Delivery.Sequence);
            else kept.Deliveries[change.Delivery.Sequence] = change with { IsNew = false };
        }

        foreach (var change in commit.Retained)
        {
            Saw(change.Message);
            Set(_retained, Convert.ToHexString(change.Topic.Span), change.Message);
        }

        foreach (var number in commit.RemovedSessions) _ = _sessions.Remove(number);
    }

    private static void Set<TKey, TValue>(IDictionary<TKey, TValue> places, TKey key, TValue? value)
        where TValue : class
    {
        if (value is null) _ = places.Remove(key);
        else places[key] = value;
    }

    private void Saw(StoredMessage? message)
    {
        if (message is not null) Saw(message.Number);
    }

    private void Saw(long number) => _lastNumber = Math.Max(_lastNumber, number);

    private sealed class Kept(StoredSession session)
    {
        public StoredSession Session { get; set; } = session;

        public Dictionary<string, StoredSubscription> Subscriptions { get; } = new(StringComparer.Ordinal);

        public Dictionary<ushort, ReceivedChange> Received { get; } = [];

        public SortedDictionary<long, DeliveryChange> Deliveries { get; } = [];

        public LoadedSession ToLoaded() => new(
            Session,
            [.. Subscriptions.Values],
            [.. Received.Values],
            [.. Deliveries.Values.Select(change => change.State == DeliveryState.Released ? change with { Delivery = change.Delivery with { Message = null } } : change)]);
    }
}
