using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A CONNECT was answered; refusals too.</summary>
/// <param name="Client">The client.</param>
/// <param name="Code">The answer.</param>
/// <param name="Presence">Whether the broker had a session for it.</param>
public sealed record ConnackSent(BrokerClient Client, ReasonCode Code, SessionPresence Presence) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.ConnackSent;

    internal override BrokerEventKinds Kind => BrokerEventKinds.ConnackSent;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnConnackSentAsync(this, cancellationToken);
}
