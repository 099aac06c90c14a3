using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>Something has gone wrong with a connection before it was known whose it is. The connection ends.</summary>
/// <param name="Peer">Who is at the other end.</param>
/// <param name="Reason">What, for people.</param>
/// <param name="Exception">What was thrown, or null.</param>
public sealed record ConnectionError(MqttPeer Peer, string Reason, Exception? Exception) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.ConnectionError;

    internal override BrokerEventKinds Kind => BrokerEventKinds.ConnectionError;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnConnectionErrorAsync(this, cancellationToken);
}
