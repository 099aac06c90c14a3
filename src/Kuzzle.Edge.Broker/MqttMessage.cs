using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker;

/// <summary>One application message. Immutable; its payload must not be changed by anybody.</summary>
/// <param name="Topic">The topic name.</param>
/// <param name="Payload">The payload, owned by the message.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The quality of service it is, or was, published with.</summary>
    public QualityOfService Qos { get; init; }

    /// <summary>Whether it is kept for those who subscribe later; with an empty payload, whether what was kept is removed.</summary>
    public bool Retain { get; init; }

    /// <summary>Whether the payload is said to be UTF-8 text (MQTT 5); null when nothing is said.</summary>
    public bool? IsText { get; init; }

    /// <summary>How long the message is wanted, in seconds; null is for ever (MQTT 5).</summary>
    public uint? ExpirySeconds { get; init; }

    /// <summary>What the payload is, or null (MQTT 5).</summary>
    public string? ContentType { get; init; }

    /// <summary>Where an answer is wanted, or null (MQTT 5).</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>What an answer must carry so that its receiver knows what it answers; empty when there is nothing (MQTT 5).</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>User properties, in order; names may repeat (MQTT 5).</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>A message with a text for its payload, in UTF-8.</summary>
    public static MqttMessage OfText(string topic, string text) => new(topic, Encoding.UTF8.GetBytes(text));

    /// <summary>The payload as text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string ReadText() => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>The payload as JSON.</summary>
    /// <exception cref="JsonException">It is none, or not of this type.</exception>
    public T? ReadJson<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Payload.Span, type);
}
