using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A SUBSCRIBE was answered. The outcomes name each filter once, and the refused ones too.</summary>
/// <param name="Client">The client.</param>
/// <param name="Outcomes">What became of each filter.</param>
public sealed record Subscribed(BrokerClient Client, IReadOnlyList<SubscriptionOutcome> Outcomes) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.Subscribed;

    internal override BrokerEventKinds Kind => BrokerEventKinds.Subscribed;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnSubscribedAsync(this, cancellationToken);
}
