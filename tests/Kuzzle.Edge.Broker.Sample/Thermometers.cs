using System.Collections.Concurrent;

namespace Kuzzle.Edge.Broker.Sample;

/// <summary>Keeps the last reading of each thermometer, and answers who asks for it.</summary>
internal sealed class Thermometers(IMqttBroker broker)
{
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    /// <summary>A reading is kept before its sender gets its acknowledgement.</summary>
    public ValueTask StoreAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (message.Topic.Split('/') is ["sensors", var name, "temp"]) _last[name] = message.ReadText();
        return default;
    }

    public async ValueTask AnswerAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        var name = message.Topic.Split('/')[1];
        await broker.PublishAsync(MqttMessage.OfText($"sensors/{name}/answer", _last.GetValueOrDefault(name, "unknown")), cancellationToken);
    }
}
