using System.Buffers.Binary;
using System.Text;
using Kuzzle.Edge.Broker.Timing;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>Between messages as programs see them and as the broker passes them on.</summary>
internal static class MessageEncoding
{
    // What a packet can have (268,435,455 bytes) less what the broker may add: lengths, identifiers, an expiry.
    private const long LargestContent = 268_435_455 - 1024;

    /// <summary>Makes a program's message the view of the batch.</summary>
    /// <exception cref="ArgumentException">The topic is no topic name, or the message is larger than MQTT can carry.</exception>
    public static Publication View(MqttMessage message, DeliveryBatch batch)
    {
        var topic = Encoding.UTF8.GetBytes(message.Topic);
        if (!TopicName.IsValid(topic))
        {
            throw new ArgumentException($"'{message.Topic}' is no topic name: 1 to 65535 bytes without wildcards and U+0000.", nameof(message));
        }

        var properties = EncodeProperties(message);
        if ((long)topic.Length + properties.Length + message.Payload.Length > LargestContent)
        {
            throw new ArgumentException($"A message of {message.Payload.Length} bytes is more than MQTT can carry.", nameof(message));
        }

        var expiresAt = message.ExpirySeconds is { } seconds ? batch.Now + (seconds * 1000L) : BrokerClock.Never;
        return batch.Handle(topic, properties, message.Payload, (byte)message.Qos, message.Retain, expiresAt);
    }

    /// <summary>A message for a program, with bytes of its own.</summary>
    public static MqttMessage Read(Publication publication, uint? expirySeconds)
    {
        var kept = publication.Keep();
        var message = new MqttMessage(Encoding.UTF8.GetString(kept.Topic.Span), kept.Payload)
        {
            Qos = (QualityOfService)kept.Qos,
            Retain = kept.Retain,
            ExpirySeconds = expirySeconds,
        };
        return kept.Properties.IsEmpty ? message : ReadProperties(message, kept.Properties.Span);
    }

    /// <summary>The properties of a will that go with its message.</summary>
    public static byte[] EncodeProperties(MqttProperties? properties) => properties is null ? [] : Encode(
        properties.PayloadFormatIndicator, properties.ContentType, properties.ResponseTopic, properties.CorrelationData, properties.UserProperties);

    private static byte[] EncodeProperties(MqttMessage message)
    {
        if (message is { IsText: null, ContentType: null, ResponseTopic: null, CorrelationData.IsEmpty: true, UserProperties.Count: 0 }) return [];

        byte? format = message.IsText is { } isText ? (byte)(isText ? 1 : 0) : null;
        return Encode(
            format, message.ContentType, message.ResponseTopic, message.CorrelationData.IsEmpty ? null : message.CorrelationData.ToArray(), message.UserProperties);
    }

    private static byte[] Encode(
        byte? format, string? contentType, string? responseTopic, byte[]? correlationData, IReadOnlyList<UserProperty>? userProperties)
    {
        using var encoded = new MemoryStream();
        if (format is { } value) encoded.Write([(byte)PropertyId.PayloadFormatIndicator, value]);
        if (contentType is not null) Write(encoded, PropertyId.ContentType, Encoding.UTF8.GetBytes(contentType));
        if (responseTopic is not null) Write(encoded, PropertyId.ResponseTopic, Encoding.UTF8.GetBytes(responseTopic));
        if (correlationData is not null) Write(encoded, PropertyId.CorrelationData, correlationData);
        foreach (var (name, text) in userProperties ?? [])
        {
            Write(encoded, PropertyId.UserProperty, Encoding.UTF8.GetBytes(name));
            WriteField(encoded, Encoding.UTF8.GetBytes(text));
        }

        return encoded.ToArray();
    }

    private static void Write(MemoryStream encoded, PropertyId id, byte[] value)
    {
        encoded.WriteByte((byte)id);
        WriteField(encoded, value);
    }

    private static void WriteField(MemoryStream encoded, byte[] value)
    {
        if (value.Length > ushort.MaxValue) throw new ArgumentException($"A property may have 65535 bytes, this one has {value.Length}.", nameof(value));

        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)value.Length);
        encoded.Write(length);
        encoded.Write(value);
    }

    private static MqttMessage ReadProperties(MqttMessage message, ReadOnlySpan<byte> properties)
    {
        List<UserProperty>? userProperties = null;
        var reader = new PropertyReader(properties);
        while (reader.MoveNext())
        {
            switch (reader.Id)
            {
                case PropertyId.PayloadFormatIndicator: message = message with { IsText = reader.Integer == 1 }; break;
                case PropertyId.ContentType: message = message with { ContentType = Encoding.UTF8.GetString(reader.Bytes) }; break;
                case PropertyId.ResponseTopic: message = message with { ResponseTopic = Encoding.UTF8.GetString(reader.Bytes) }; break;
                case PropertyId.CorrelationData: message = message with { CorrelationData = reader.Bytes.ToArray() }; break;
                case PropertyId.UserProperty:
                    (userProperties ??= []).Add(new UserProperty(Encoding.UTF8.GetString(reader.Name), Encoding.UTF8.GetString(reader.Bytes)));
                    break;
            }
        }

        return userProperties is null ? message : message with { UserProperties = userProperties };
    }
}
