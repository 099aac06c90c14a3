using System.Text;
using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A message that a client wants to publish.</summary>
public sealed class PublishContext
{
    private readonly int _maxTopicLevels;

    internal PublishContext(BrokerClient? client, MqttMessage message, bool isWill, int maxTopicLevels)
    {
        _maxTopicLevels = maxTopicLevels;
        Client = client;
        Message = message;
        IsWill = isWill;
        IsChanged = false;
    }

    /// <summary>Whose it is; null exactly for the will of a client that an earlier process has served.</summary>
    public BrokerClient? Client { get; }

    /// <summary>Whether it is the client's will, which is due.</summary>
    public bool IsWill { get; }

    /// <summary>
    /// The message. May be exchanged (<c>context.Message = context.Message with { … }</c>): topic, payload, QoS, retain and properties. The client is acknowledged in the
    /// QoS that it has chosen; later handlers see the exchanged one.
    /// </summary>
    /// <exception cref="ArgumentException">The topic is no topic name, or has too many levels.</exception>
    public MqttMessage Message
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (field is { } before && before.Topic != value.Topic) Check(value.Topic, _maxTopicLevels);
            field = value;
            IsChanged = true;
        }
    }

    /// <summary>Whether a handler has exchanged the message.</summary>
    internal bool IsChanged { get; private set; }

    /// <summary>Throws if this is no topic that may be published to.</summary>
    internal static void Check(string topic, int maxTopicLevels)
    {
        var utf8 = Encoding.UTF8.GetBytes(topic);
        if (!TopicName.IsValid(utf8)) throw new ArgumentException($"'{topic}' is no topic name: 1 to 65535 bytes without wildcards and U+0000.", nameof(topic));
        if (TopicName.CountLevels(utf8) <= maxTopicLevels) return;

        throw new ArgumentException($"The topic has {TopicName.CountLevels(utf8)} levels, and may have {maxTopicLevels}.", nameof(topic));
    }
}
