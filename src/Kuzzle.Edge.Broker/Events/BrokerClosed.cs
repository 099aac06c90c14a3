namespace Kuzzle.Edge.Broker.Events;

/// <summary>The broker has stopped: the last event.</summary>
public sealed record BrokerClosed : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.BrokerClosed;

    internal override BrokerEventKinds Kind => BrokerEventKinds.BrokerClosed;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnBrokerClosedAsync(this, cancellationToken);
}
