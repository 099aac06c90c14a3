using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Devices.Sensors;

namespace Kuzzle.Edge.Composition;

/// <summary>The broker's topics, as sensors use them.</summary>
internal sealed class BrokerTopics(MqttBroker broker) : IPlainTopics
{
    /// <inheritdoc/>
    public void Publish(string topic, ReadOnlyMemory<byte> payload, Retention retention) =>
        broker.Publish(new MqttMessage(topic, payload) { Retain = retention == Retention.Kept });

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> SubscribeAsync(string filter, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask> handle) =>
        broker.SubscribeAsync(filter, (message, cancellationToken) => handle(message.Topic, message.Payload, cancellationToken));
}
