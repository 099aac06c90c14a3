using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>PUBLISH. [MQTT 3.3] [MQTT5 3.3]</summary>
internal static class PublishDecoder
{
    public static bool TryDecode(
        byte flags, ReadOnlySpan<byte> body, MqttVersion version, PacketDirection direction, PacketLimits limits, out PublishView publish, out PacketFault fault)
    {
        publish = default;
        var cursor = new SpanCursor(body);
        if (!cursor.TryReadField(out var topic)) return Refuse(PacketFault.Malformed("The topic is longer than the packet."), out fault);

        var qos = (QualityOfService)((flags >> 1) & 3);
        ushort packetIdentifier = 0;
        if (qos != QualityOfService.AtMostOnce)
        {
            if (!cursor.TryReadUInt16(out packetIdentifier)) return Refuse(PacketFault.Malformed("The packet ends before its identifier."), out fault);
            if (packetIdentifier == 0) return Refuse(PacketDecoder.IdentifierIsZero, out fault);
        }

        ReadOnlySpan<byte> properties = default;
        PropertySummary summary = default;
        if (version == MqttVersion.V5)
        {
            fault = new DecodeContext(version, direction, limits).ReadProperties(ref cursor, PropertyPlace.Publish, out properties, out summary);
            if (!fault.IsFault && summary.TopicAlias > limits.TopicAliasMaximum)
                fault = new PacketFault(ReasonCode.TopicAliasInvalid, "The topic alias is above the maximum. [MQTT5-3.3.2-9]");
            if (fault.IsFault) return false;
        }

        fault = CheckTopic(topic, version, summary.TopicAlias, limits);
        if (fault.IsFault) return false;

        publish = new PublishView
        {
            Topic = topic,
            Payload = cursor.Rest,
            Properties = properties,
            PacketIdentifier = packetIdentifier,
            QualityOfService = qos,
            Duplicate = (flags & 8) != 0,
            Retain = (flags & 1) != 0,
            TopicAlias = summary.TopicAlias,
            MessageExpiryInterval = summary.Has(PropertyId.MessageExpiryInterval) ? summary.MessageExpiryInterval : null,
            ForwardablePropertiesLength = summary.ForwardableLength,
        };
        return true;
    }

    private static PacketFault CheckTopic(ReadOnlySpan<byte> topic, MqttVersion version, ushort alias, PacketLimits limits)
    {
        if (topic.IsEmpty)
        {
            if (alias != 0 || limits.AllowsEmptyTopics) return default;
            return version == MqttVersion.V5
                ? PacketFault.Protocol("The topic is empty, and no alias stands for it.")
                : PacketFault.Malformed("The topic is empty. [MQTT-4.7.3-1]");
        }

        if (!TopicName.IsValid(topic)) return PacketFault.Malformed("The topic is not a valid topic name. [MQTT-3.3.2-1] [MQTT-3.3.2-2]");

        return TopicName.CountLevels(topic) <= limits.MaxTopicLevels ? default : new PacketFault(ReasonCode.TopicNameInvalid, "The topic has too many levels.");
    }

    private static bool Refuse(PacketFault why, out PacketFault fault)
    {
        fault = why;
        return false;
    }
}
