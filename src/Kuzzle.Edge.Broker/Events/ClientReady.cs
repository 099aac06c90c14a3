using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A client has its CONNACK, and what waited for it is on its way.</summary>
/// <param name="Client">The client.</param>
public sealed record ClientReady(BrokerClient Client) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.ClientReady;

    internal override BrokerEventKinds Kind => BrokerEventKinds.ClientReady;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnClientReadyAsync(this, cancellationToken);
}
