namespace Kuzzle.Edge.Broker.Events;

/// <summary>
/// Hears what happens in the broker, in its order, one event after the other. Every member may be left out. An observer is behind a queue of its own and holds up nobody:
/// when it is slower than the broker for long, the oldest events are dropped and counted (<c>mqtt.events.dropped</c>). What it throws is logged, and the next event comes.
/// </summary>
public interface IBrokerObserver
{
    /// <summary>What it wants to hear of. What nobody wants costs nothing.</summary>
    BrokerEventKinds Watches => BrokerEventKinds.Usual;

    /// <inheritdoc cref="ClientRegistered"/>
    ValueTask OnClientRegisteredAsync(ClientRegistered happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="ClientReady"/>
    ValueTask OnClientReadyAsync(ClientReady happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="ClientDisconnected"/>
    ValueTask OnClientDisconnectedAsync(ClientDisconnected happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="ClientError"/>
    ValueTask OnClientErrorAsync(ClientError happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="ConnectionError"/>
    ValueTask OnConnectionErrorAsync(ConnectionError happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="KeepAliveTimeout"/>
    ValueTask OnKeepAliveTimeoutAsync(KeepAliveTimeout happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="MessagePublished"/>
    ValueTask OnMessagePublishedAsync(MessagePublished happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="MessageAcknowledged"/>
    ValueTask OnMessageAcknowledgedAsync(MessageAcknowledged happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="Subscribed"/>
    ValueTask OnSubscribedAsync(Subscribed happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="Unsubscribed"/>
    ValueTask OnUnsubscribedAsync(Unsubscribed happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="ConnackSent"/>
    ValueTask OnConnackSentAsync(ConnackSent happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="PingReceived"/>
    ValueTask OnPingReceivedAsync(PingReceived happened, CancellationToken cancellationToken) => default;

    /// <inheritdoc cref="BrokerClosed"/>
    ValueTask OnBrokerClosedAsync(BrokerClosed happened, CancellationToken cancellationToken) => default;
}
