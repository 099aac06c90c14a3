using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A client has sent PINGREQ. Only for observers that ask for it.</summary>
/// <param name="Client">The client.</param>
public sealed record PingReceived(BrokerClient Client) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.PingReceived;

    internal override BrokerEventKinds Kind => BrokerEventKinds.PingReceived;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnPingReceivedAsync(this, cancellationToken);
}
