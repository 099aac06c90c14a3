using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A client has gone; its will, if one was due at once, has been published.</summary>
/// <param name="Client">The client, not connected any more.</param>
/// <param name="Cause">Why, in one of a few words.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ClientDisconnected(BrokerClient Client, DisconnectCause Cause, string Reason) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.ClientDisconnected;

    internal override BrokerEventKinds Kind => BrokerEventKinds.ClientDisconnected;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnClientDisconnectedAsync(this, cancellationToken);
}
