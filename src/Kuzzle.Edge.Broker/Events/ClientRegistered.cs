using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A client was let in. Its CONNACK follows.</summary>
/// <param name="Client">The client.</param>
public sealed record ClientRegistered(BrokerClient Client) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.ClientRegistered;

    internal override BrokerEventKinds Kind => BrokerEventKinds.ClientRegistered;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnClientRegisteredAsync(this, cancellationToken);
}
