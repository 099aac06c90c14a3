using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A message was routed, whether anybody had subscribed or not.</summary>
/// <param name="Client">Who has published it; null when the broker or the program has.</param>
/// <param name="Message">The message.</param>
public sealed record MessagePublished(BrokerClient? Client, MqttMessage Message) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.MessagePublished;

    internal override BrokerEventKinds Kind => BrokerEventKinds.MessagePublished;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnMessagePublishedAsync(this, cancellationToken);
}
