namespace Kuzzle.Edge.Broker.Storage;

/// <summary>A stored session with all that belongs to it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Subscriptions">Its subscriptions.</param>
/// <param name="Received">The QoS 2 messages its client has sent and not released.</param>
/// <param name="Deliveries">The messages for its client, in their sequence; none is new or done.</param>
public sealed record LoadedSession(
    StoredSession Session,
    IReadOnlyList<StoredSubscription> Subscriptions,
    IReadOnlyList<ReceivedChange> Received,
    IReadOnlyList<DeliveryChange> Deliveries);
