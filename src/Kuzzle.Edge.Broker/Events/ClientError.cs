using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>Something has gone wrong with a client whose identifier is known; failed authentication is among it. The connection ends.</summary>
/// <param name="Client">The client.</param>
/// <param name="Reason">What, for people.</param>
/// <param name="Exception">What was thrown, or null.</param>
public sealed record ClientError(BrokerClient Client, string Reason, Exception? Exception) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.ClientError;

    internal override BrokerEventKinds Kind => BrokerEventKinds.ClientError;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnClientErrorAsync(this, cancellationToken);
}
