using System.Buffers;
using System.Buffers.Binary;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// Writes PUBLISH for one recipient, from spans and without allocating. For several recipients encode once, see <see cref="EncodedPublish"/>.
/// </summary>
public static class PublishWriter
{
    /// <summary>Bytes of the whole packet, fixed header included: compare it with the recipient's Maximum Packet Size first. [MQTT5-3.1.2-24]</summary>
    public static long SizeOf(MqttVersion version, QualityOfService qos, in PublishContent content, in PublishDelivery delivery)
    {
        var body = BodyLength(version, qos, content, PropertiesLength(version, content, delivery.SubscriptionIdentifiers));
        return body > VariableInteger.Max ? long.MaxValue : 1 + VariableInteger.SizeOf((uint)body) + body;
    }

    /// <summary>Writes the packet.</summary>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="ArgumentException">It is longer than 268,435,455 bytes.</exception>
    public static int Write(IBufferWriter<byte> output, MqttVersion version, QualityOfService qos, in PublishContent content, in PublishDelivery delivery)
    {
        var size = CheckedSize(version, qos, content, delivery);
        var written = Write(output.GetSpan(size), version, qos, content, delivery, out _);
        output.Advance(written);
        return written;
    }

    internal static int CheckedSize(MqttVersion version, QualityOfService qos, in PublishContent content, in PublishDelivery delivery)
    {
        var size = SizeOf(version, qos, content, delivery);
        return size <= PacketLimits.LargestPossiblePacket
            ? (int)size
            : throw new ArgumentException("The message is larger than a packet can be (268435455 bytes).", nameof(content));
    }

    internal static int Write(
        Span<byte> destination, MqttVersion version, QualityOfService qos, in PublishContent content, in PublishDelivery delivery, out PublishLayout layout)
    {
        var propertiesLength = PropertiesLength(version, content, delivery.SubscriptionIdentifiers);
        var body = (uint)BodyLength(version, qos, content, propertiesLength);
        destination[0] = FirstByte(qos, delivery.Duplicate, delivery.Retain);
        var at = 1 + VariableInteger.Write(destination[1..], body);
        var topicAt = at;
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)content.Topic.Length);
        content.Topic.CopyTo(destination[(at + 2)..]);
        at += 2 + content.Topic.Length;
        var identifierAt = at;
        if (qos != QualityOfService.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], delivery.PacketIdentifier);
            at += 2;
        }

        var propertiesAt = at;
        if (version == MqttVersion.V5)
        {
            at += VariableInteger.Write(destination[at..], (uint)propertiesLength);
            at += WriteSubscriptionIdentifiers(destination[at..], delivery.SubscriptionIdentifiers);
            if (content.MessageExpiryInterval is { } seconds)
            {
                destination[at] = (byte)PropertyId.MessageExpiryInterval;
                BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 1)..], seconds);
                at += 5;
            }

            content.ForwardableProperties.CopyTo(destination[at..]);
            at += content.ForwardableProperties.Length;
        }

        content.Payload.CopyTo(destination[at..]);
        layout = new PublishLayout(topicAt, identifierAt, propertiesAt, propertiesLength);
        return at + content.Payload.Length;
    }

    internal static byte FirstByte(QualityOfService qos, bool duplicate, bool retain) =>
        (byte)(((byte)PacketType.Publish << 4) | (duplicate && qos != QualityOfService.AtMostOnce ? 8 : 0) | ((byte)qos << 1) | (retain ? 1 : 0));

    internal static int SizeOfSubscriptionIdentifiers(ReadOnlySpan<uint> identifiers)
    {
        var size = 0;
        foreach (var identifier in identifiers) size += 1 + VariableInteger.SizeOf(identifier);
        return size;
    }

    internal static int WriteSubscriptionIdentifiers(Span<byte> destination, ReadOnlySpan<uint> identifiers)
    {
        var at = 0;
        foreach (var identifier in identifiers)
        {
            destination[at++] = (byte)PropertyId.SubscriptionIdentifier;
            at += VariableInteger.Write(destination[at..], identifier);
        }

        return at;
    }

    private static int PropertiesLength(MqttVersion version, in PublishContent content, ReadOnlySpan<uint> identifiers)
    {
        if (version != MqttVersion.V5) return 0;

        return SizeOfSubscriptionIdentifiers(identifiers) + (content.MessageExpiryInterval is null ? 0 : 5) + content.ForwardableProperties.Length;
    }

    private static long BodyLength(MqttVersion version, QualityOfService qos, in PublishContent content, int propertiesLength) =>
        2L + content.Topic.Length + (qos == QualityOfService.AtMostOnce ? 0 : 2) +
        (version == MqttVersion.V5 ? VariableInteger.SizeOf((uint)propertiesLength) + propertiesLength : 0) + content.Payload.Length;
}
