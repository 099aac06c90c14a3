using System.Buffers;
using System.Text;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>A message in the form in which it is written, for one connection.</summary>
internal sealed class OutgoingMessage
{
    private readonly MqttVersion _version;
    private readonly MqttApplicationMessage _message;
    private readonly byte[] _topic;
    private readonly byte[] _properties;

    /// <summary>Prepares a message.</summary>
    /// <exception cref="ArgumentException">The topic is no topic name, or a property cannot be sent.</exception>
    public OutgoingMessage(MqttVersion version, MqttApplicationMessage message)
    {
        _version = version;
        _message = message;
        _topic = Encoding.UTF8.GetBytes(message.Topic);
        if (!TopicName.IsValid(_topic)) throw new ArgumentException($"'{message.Topic}' is no topic name. [MQTT-3.3.2-2] [MQTT5-3.3.2-2]", nameof(message));

        _properties = [];
        if (version != MqttVersion.V5 || message.Properties is not { } properties) return;

        // A client must not send subscription identifiers, and what came with one may be passed on as it is. [MQTT5-3.3.4-6]
        var sent = properties.SubscriptionIdentifier is null ? properties : properties with { SubscriptionIdentifier = null };
        _properties = new byte[sent.EncodedLength];
        if (_properties.Length > 0) sent.WriteTo(_properties);
    }

    /// <summary>Bytes of the packet without an alias.</summary>
    public long Size => PublishWriter.SizeOf(_version, _message.QualityOfService, new PublishContent { Topic = _topic, Payload = _message.Payload.Span, ForwardableProperties = _properties }, default);

    /// <summary>Writes the PUBLISH.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="packetIdentifier">0 at QoS 0.</param>
    /// <param name="duplicate">Whether it was sent before.</param>
    /// <param name="alias">0 for none.</param>
    /// <param name="isKnown">Whether the server knows the alias, and the topic is left out.</param>
    public void Write(IBufferWriter<byte> output, ushort packetIdentifier, bool duplicate, ushort alias, bool isKnown)
    {
        ReadOnlySpan<byte> properties = alias == 0 ? _properties : [(byte)PropertyId.TopicAlias, (byte)(alias >> 8), (byte)alias, .. _properties];
        var content = new PublishContent { Topic = isKnown ? default : _topic, Payload = _message.Payload.Span, ForwardableProperties = properties };
        PublishWriter.Write(
            output, _version, _message.QualityOfService, content, new PublishDelivery { PacketIdentifier = packetIdentifier, Duplicate = duplicate, Retain = _message.Retain });
    }
}
