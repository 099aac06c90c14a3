namespace Kuzzle.Edge.Broker.Storage;

/// <summary>
/// What is written together. To be applied in the order of its members, and within each list from first to last. Filled by the broker, and not changed once it was
/// given to a store.
/// </summary>
public sealed class BrokerCommit
{
    /// <summary>The wall clock's time of the commit. Kept by the store: a board without a clock of its own may believe after a restart that it is earlier.</summary>
    public DateTimeOffset At { get; internal set; }

    /// <summary>Sessions that are new or changed; what was stored under the same number is replaced, its subscriptions and messages stay.</summary>
    public IReadOnlyList<StoredSession> Sessions => SessionList;

    /// <summary>Subscriptions added, changed and removed.</summary>
    public IReadOnlyList<SubscriptionChange> Subscriptions => SubscriptionList;

    /// <summary>QoS 2 messages received from clients and released by them.</summary>
    public IReadOnlyList<ReceivedChange> Received => ReceivedList;

    /// <summary>Messages for clients. None is in the list twice.</summary>
    public IReadOnlyList<DeliveryChange> Deliveries => DeliveryList;

    /// <summary>Retained messages set and cleared.</summary>
    public IReadOnlyList<RetainedChange> Retained => RetainedList;

    /// <summary>The numbers of sessions that have ended: all that belongs to them goes too.</summary>
    public IReadOnlyList<long> RemovedSessions => RemovedSessionList;

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty =>
        SessionList.Count + SubscriptionList.Count + ReceivedList.Count + DeliveryList.Count + RetainedList.Count + RemovedSessionList.Count == 0;

    internal List<StoredSession> SessionList { get; } = [];

    internal List<SubscriptionChange> SubscriptionList { get; } = [];

    internal List<ReceivedChange> ReceivedList { get; } = [];

    internal List<DeliveryChange> DeliveryList { get; } = [];

    internal List<RetainedChange> RetainedList { get; } = [];

    internal List<long> RemovedSessionList { get; } = [];
}
