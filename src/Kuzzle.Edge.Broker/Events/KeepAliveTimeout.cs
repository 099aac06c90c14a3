using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A client was silent for one and a half times its keep-alive. <see cref="ClientError"/> and <see cref="ClientDisconnected"/> follow.</summary>
/// <param name="Client">The client.</param>
public sealed record KeepAliveTimeout(BrokerClient Client) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.KeepAliveTimeout;

    internal override BrokerEventKinds Kind => BrokerEventKinds.KeepAliveTimeout;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnKeepAliveTimeoutAsync(this, cancellationToken);
}
