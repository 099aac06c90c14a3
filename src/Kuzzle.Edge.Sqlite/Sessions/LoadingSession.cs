using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>A session while it is read.</summary>
internal sealed class LoadingSession
{
    private readonly StoredSession _session;
    private readonly StoredSessionSet _stored;
    private readonly DeliverySpan _span;
    private readonly List<DeliveryChange> _deliveries = [];
    private bool _isOrdered = true;

    public LoadingSession(StoredSession session, StoredSessionSet stored)
    {
        _session = session;
        _stored = stored;
        stored.Add(session.Number);
        _ = stored.TryGet(session.Number, out var span);
        _span = span!;
    }

    public long Number => _session.Number;

    public List<StoredSubscription> Subscriptions { get; } = [];

    public List<ReceivedChange> Received { get; } = [];

    public void Add(StoredDelivery delivery, DeliveryState state, ushort packetIdentifier)
    {
        if (_deliveries.Count > 0 && _deliveries[^1].Delivery.Sequence > delivery.Sequence) _isOrdered = false;
        _deliveries.Add(new DeliveryChange(delivery, IsNew: false, state, packetIdentifier));
        if (delivery.Message is not { } message) return;

        _span.Include(message.Number);
        _stored.Count(_span, 1);
    }

    public LoadedSession Finish()
    {
        // Messages nearly always came in the order of their numbers, and lie in the file so.
        if (!_isOrdered) _deliveries.Sort(static (left, right) => left.Delivery.Sequence.CompareTo(right.Delivery.Sequence));
        return new LoadedSession(_session, Subscriptions, Received, _deliveries);
    }
}
