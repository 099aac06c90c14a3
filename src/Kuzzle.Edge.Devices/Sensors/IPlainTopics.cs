namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The plain MQTT topics of this box, for clients that know nothing of Kuzzle.</summary>
public interface IPlainTopics
{
    /// <summary>Publishes bytes. Called from any thread; does not block. A retained message without bytes takes the one before away.</summary>
    void Publish(string topic, ReadOnlyMemory<byte> payload, Retention retention);

    /// <summary>Hears what is published; what is retained comes first. One message at a time.</summary>
    /// <param name="filter">A topic filter.</param>
    /// <param name="handle">Takes topic and payload.</param>
    /// <returns>Disposing it ends the subscription.</returns>
    /// <exception cref="ArgumentException">The broker takes no such filter: it is too long, or has too many levels.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync(string filter, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask> handle);
}
