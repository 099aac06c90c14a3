namespace Kuzzle.Edge.Broker.Events;

/// <summary>Subscriptions have ended.</summary>
/// <param name="ClientId">Whose they were; the client may be away.</param>
/// <param name="Filters">Their filters.</param>
/// <param name="Cause">Why.</param>
public sealed record Unsubscribed(string ClientId, IReadOnlyList<string> Filters, UnsubscribeCause Cause) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.Unsubscribed;

    internal override BrokerEventKinds Kind => BrokerEventKinds.Unsubscribed;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnUnsubscribedAsync(this, cancellationToken);
}
