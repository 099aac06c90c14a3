using System.Buffers.Binary;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>
/// The bytes of a PUBLISH before its payload. Encoded once for all receivers of the same protocol version and kind; what differs between them, the first byte and
/// the packet identifier, is written over.
/// </summary>
internal sealed class PublishHead
{
    private const byte PublishType = 0x30;
    private const byte MessageExpiryInterval = 0x02;
    private const byte SubscriptionIdentifier = 0x0B;
    private const byte TopicAlias = 0x23;

    private byte[] _bytes = new byte[64];
    private int _length;
    private int _identifierAt;
    private Publication? _publication;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public bool IsFor(Publication publication) => _publication == publication;

    public void Forget() => _publication = null;

    /// <summary>Encodes the head for all receivers of a kind.</summary>
    /// <param name="publication">What is sent.</param>
    /// <param name="isVersion5">Whether properties are sent.</param>
    /// <param name="hasIdentifier">Whether a packet identifier is sent (QoS 1 and 2).</param>
    /// <param name="subscriptions">The receiver's subscription identifiers.</param>
    /// <param name="alias">The receiver's alias for the topic, if it has one.</param>
    /// <param name="now">The time from which the rest of the message's life is counted.</param>
    public void Encode(Publication publication, bool isVersion5, bool hasIdentifier, ReadOnlySpan<int> subscriptions, TopicAliasUse alias, long now)
    {
        var topic = alias.Alias == 0 || alias.IsNew ? publication.Topic.Span : default;
        var properties = isVersion5 ? publication.Properties.Span : default;
        var expires = isVersion5 && publication.ExpiresAt != BrokerClock.Never;
        var propertiesLength = properties.Length + (expires ? 5 : 0) + (alias.Alias == 0 ? 0 : 3);
        foreach (var identifier in subscriptions) propertiesLength += 1 + VariableLength(identifier);

        var rest = 2 + topic.Length + (hasIdentifier ? 2 : 0) + publication.Payload.Length;
        if (isVersion5) rest += VariableLength(propertiesLength) + propertiesLength;

        var headLength = 1 + VariableLength(rest) + rest - publication.Payload.Length;
        if (_bytes.Length < headLength) _bytes = new byte[(int)Math.Min(headLength * 2L, Array.MaxLength)];

        var at = 1 + WriteVariable(_bytes.AsSpan(1), rest);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(at), (ushort)topic.Length);
        topic.CopyTo(_bytes.AsSpan(at + 2));
        at += 2 + topic.Length;
        _identifierAt = at;
        if (hasIdentifier) at += 2;
        if (isVersion5)
        {
            at += WriteVariable(_bytes.AsSpan(at), propertiesLength);
            if (expires)
            {
                _bytes[at] = MessageExpiryInterval;

                // What is left of its life, at least a second: it has not expired. [MQTT5-3.3.2-6]
                var seconds = Math.Clamp((publication.ExpiresAt - now + 999) / 1000, 1, uint.MaxValue);
                BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(at + 1), (uint)seconds);
                at += 5;
            }

            if (alias.Alias != 0)
            {
                _bytes[at] = TopicAlias;
                BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(at + 1), alias.Alias);
                at += 3;
            }

            foreach (var identifier in subscriptions)
            {
                _bytes[at++] = SubscriptionIdentifier;
                at += WriteVariable(_bytes.AsSpan(at), identifier);
            }

            properties.CopyTo(_bytes.AsSpan(at));
            at += properties.Length;
        }

        _length = at;
        _publication = publication;
    }

    public void Address(byte qos, bool retain, bool duplicate, ushort identifier)
    {
        _bytes[0] = (byte)(PublishType | (duplicate ? 8 : 0) | (qos << 1) | (retain ? 1 : 0));
        if (qos > 0) BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_identifierAt), identifier);
    }

    private static int VariableLength(int value) => value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;

    private static int WriteVariable(Span<byte> target, int value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }
}
