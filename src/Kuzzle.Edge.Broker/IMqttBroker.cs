using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Broker.Events;

namespace Kuzzle.Edge.Broker;

/// <summary>A running broker, as the rest of the program that embeds it uses it. Safe to use from any thread.</summary>
public interface IMqttBroker
{
    /// <summary>How it is doing.</summary>
    BrokerStatus Status { get; }

    /// <summary>Who is connected at this moment.</summary>
    IReadOnlyList<BrokerClient> Clients { get; }

    /// <summary>The connected client with this identifier, or null.</summary>
    BrokerClient? FindClient(string clientId);

    /// <summary>
    /// Publishes a message to all who subscribed, without asking whether anybody may; topics below <c>$</c> are allowed. Completes when it is routed, is stored for those
    /// who are owed it, and the handlers of <see cref="Handlers.IBrokerHandler.PublishedAsync"/> have heard of it. Cancelling ends the wait, not the publication.
    /// </summary>
    /// <exception cref="ArgumentException">The topic is no topic name or has too many levels, or the message is larger than MQTT can carry.</exception>
    /// <exception cref="InvalidOperationException">It was published, and a handler has failed.</exception>
    ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the program hear messages: first those that are retained, then what is published, one after the other. A handler that is slower than its messages for long loses
    /// the oldest, counted in <c>mqtt.messages.dropped</c>; it holds up nobody. What it throws is logged, and the next message comes.
    /// </summary>
    /// <param name="filter">A topic filter, with wildcards; not shared.</param>
    /// <param name="handle">Gets each message. The token is cancelled when the subscription ends.</param>
    /// <returns>Ends the subscription when it is disposed, which waits for the message that is being handled.</returns>
    /// <exception cref="ArgumentException">The filter is none, or has too many levels.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync(string filter, Func<MqttMessage, CancellationToken, ValueTask> handle);

    /// <summary>
    /// What happens from now on. Behind a queue of its own: a reader that is too slow for long loses the oldest events, counted in <c>mqtt.events.dropped</c>. Ends when the
    /// broker has stopped.
    /// </summary>
    IAsyncEnumerable<BrokerEvent> EventsAsync(BrokerEventKinds wanted = BrokerEventKinds.Usual, CancellationToken cancellationToken = default);

    /// <summary>Closes all connections and ends the broker.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
