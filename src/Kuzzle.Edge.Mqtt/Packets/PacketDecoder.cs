using System.Text;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>All packets but PUBLISH and CONNECT.</summary>
internal static class PacketDecoder
{
    internal static PacketFault IdentifierIsZero => PacketFault.Protocol("The packet identifier is 0. [MQTT-2.3.1-1] [MQTT5-2.2.1-3]");

    private static PacketFault EndsTooEarly => PacketFault.Malformed("The packet ends too early.");

    private static PacketFault Surplus => PacketFault.Malformed("Bytes are left over behind the last field.");

    private static PacketFault UnknownReason => PacketFault.Malformed("The reason code does not belong in this packet.");

    public static PacketFault Decode(PacketType type, ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = new PacketView(type);
        return type switch
        {
            PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp => Acknowledgement(type, body, context, out packet),
            PacketType.Subscribe => Subscribe(body, context, out packet),
            PacketType.Unsubscribe => Unsubscribe(body, context, out packet),
            PacketType.Connack => Connack(body, context, out packet),
            PacketType.Suback or PacketType.Unsuback => Granted(type, body, context, out packet),
            PacketType.Disconnect => Disconnect(body, context, out packet),
            PacketType.Auth => Auth(body, context, out packet),
            _ => default, // PINGREQ and PINGRESP: the fixed header was all of it.
        };
    }

    private static PacketFault Acknowledgement(PacketType type, ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = default;
        var cursor = new SpanCursor(body);
        if (!cursor.TryReadUInt16(out var identifier)) return EndsTooEarly;
        if (identifier == 0) return IdentifierIsZero;

        var fault = ReadReason(ref cursor, type, PropertyPlace.Acknowledgement, context, out var reason, out var properties);
        packet = new PacketView(type, new AcknowledgementView(identifier, reason, properties));
        return fault;
    }

    /// <summary>Reason code and properties, both of which may be missing from the end of an MQTT 5.0 packet. [MQTT5 3.4.2.1] [MQTT5 3.14.2.1]</summary>
    private static PacketFault ReadReason(
        scoped ref SpanCursor cursor, PacketType type, PropertyPlace place, DecodeContext context, out ReasonCode reason, out ReadOnlySpan<byte> properties)
    {
        reason = ReasonCode.Success;
        properties = default;
        if (cursor.IsAtEnd) return default;
        if (context.Version != MqttVersion.V5) return Surplus;

        cursor.TryReadByte(out var code);
        reason = (ReasonCode)code;
        if (!ReasonCodes.MayStandIn(reason, type, context.Direction)) return UnknownReason;
        if (cursor.IsAtEnd) return default;

        var fault = context.ReadProperties(ref cursor, place, out properties, out var summary);
        if (fault.IsFault) return fault;
        if (summary.Has(PropertyId.AuthenticationData) && !summary.Has(PropertyId.AuthenticationMethod)) return ConnectDecoder.DataWithoutMethod;
        if (type == PacketType.Disconnect && context.Direction == PacketDirection.ToClient && summary.Has(PropertyId.SessionExpiryInterval))
            return PacketFault.Protocol("A server must not send a session expiry interval in DISCONNECT. [MQTT5-3.14.2-2]");

        return cursor.IsAtEnd ? default : Surplus;
    }

    private static PacketFault Disconnect(ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        var cursor = new SpanCursor(body);
        var fault = ReadReason(ref cursor, PacketType.Disconnect, PropertyPlace.Disconnect, context, out var reason, out var properties);
        packet = new PacketView(
            PacketType.Disconnect, fault.IsFault ? null : new DisconnectPacket { ReasonCode = reason, Properties = MqttProperties.Decode(properties) });
        return fault;
    }

    private static PacketFault Auth(ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = default;
        var cursor = new SpanCursor(body);

        // The short form means success, which only a server may say. [MQTT5 3.15.1]
        if (body.IsEmpty && context.Direction == PacketDirection.ToServer) return UnknownReason;

        var fault = ReadReason(ref cursor, PacketType.Auth, PropertyPlace.Auth, context, out var reason, out var properties);
        if (fault.IsFault) return fault;

        var decoded = MqttProperties.Decode(properties);
        if (reason != ReasonCode.Success && decoded?.AuthenticationMethod is null)
            return PacketFault.Protocol("AUTH comes without an authentication method. [MQTT5 3.15.2.2.2]");

        packet = new PacketView(PacketType.Auth, new AuthPacket { ReasonCode = reason, Properties = decoded });
        return default;
    }

    private static PacketFault Connack(ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = default;
        var cursor = new SpanCursor(body);
        if (!cursor.TryReadByte(out var flags) || !cursor.TryReadByte(out var code)) return EndsTooEarly;
        if (flags > 1) return PacketFault.Malformed("A reserved flag of CONNACK is set. [MQTT-3.2.2-1] [MQTT5-3.2.2-1]");

        ReasonCode reason;
        ReadOnlySpan<byte> properties = default;
        if (context.Version == MqttVersion.V5)
        {
            reason = (ReasonCode)code;
            if (!ReasonCodes.MayStandIn(reason, PacketType.Connack, context.Direction)) return UnknownReason;

            var fault = context.ReadProperties(ref cursor, PropertyPlace.Connack, out properties, out var summary);
            if (fault.IsFault) return fault;
            if (summary.Has(PropertyId.AuthenticationData) && !summary.Has(PropertyId.AuthenticationMethod)) return ConnectDecoder.DataWithoutMethod;
        }
        else if (!ReasonCodes.TryFromReturnCode(code, out reason))
        {
            return UnknownReason;
        }

        if (!cursor.IsAtEnd) return Surplus;
        if (flags == 1 && reason != ReasonCode.Success)
            return PacketFault.Protocol("A refusal says that a session is present. [MQTT-3.2.2-4] [MQTT5-3.2.2-6]");

        packet = new PacketView(
            PacketType.Connack, new ConnackPacket { SessionPresent = flags == 1, ReasonCode = reason, Properties = MqttProperties.Decode(properties) });
        return default;
    }

    private static PacketFault ReadIdentifierAndProperties(
        scoped ref SpanCursor cursor, PropertyPlace place, DecodeContext context, out ushort identifier, out ReadOnlySpan<byte> properties)
    {
        properties = default;
        if (!cursor.TryReadUInt16(out identifier)) return EndsTooEarly;
        if (identifier == 0) return IdentifierIsZero;

        return context.Version == MqttVersion.V5 ? context.ReadProperties(ref cursor, place, out properties, out _) : default;
    }

    private static PacketFault Subscribe(ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = default;
        var cursor = new SpanCursor(body);
        var fault = ReadIdentifierAndProperties(ref cursor, PropertyPlace.Subscribe, context, out var identifier, out var properties);
        if (fault.IsFault) return fault;
        if (cursor.IsAtEnd) return PacketFault.Protocol("SUBSCRIBE has no filter. [MQTT-3.8.3-3] [MQTT5-3.8.3-2]");

        // Nearly always there is one: then this array is the packet's.
        var subscriptions = new SubscriptionRequest[1];
        var count = 0;
        while (!cursor.IsAtEnd)
        {
            fault = ReadFilter(ref cursor, context, out var filter, out var refusal);
            if (fault.IsFault) return fault;
            if (!cursor.TryReadByte(out var options)) return EndsTooEarly;

            fault = CheckOptions(options, filter, context.Version);
            if (fault.IsFault) return fault;

            if (count == subscriptions.Length) Array.Resize(ref subscriptions, count * 2);
            subscriptions[count++] = new SubscriptionRequest
            {
                Filter = Encoding.UTF8.GetString(filter),
                QualityOfService = (QualityOfService)(options & 3),
                NoLocal = (options & 4) != 0,
                RetainAsPublished = (options & 8) != 0,
                RetainHandling = (RetainHandling)((options >> 4) & 3),
                Refusal = refusal,
            };
        }

        if (count < subscriptions.Length) Array.Resize(ref subscriptions, count);
        packet = new PacketView(PacketType.Subscribe, new SubscribePacket
        {
            PacketIdentifier = identifier,
            Subscriptions = subscriptions,
            Properties = MqttProperties.Decode(properties),
        });
        return default;
    }

    private static PacketFault CheckOptions(byte options, ReadOnlySpan<byte> filter, MqttVersion version)
    {
        var reserved = version == MqttVersion.V5 ? 0xC0 : 0xFC;
        if ((options & reserved) != 0) return PacketFault.Malformed("A reserved bit of the subscription options is set. [MQTT-3-8.3-4] [MQTT5-3.8.3-5]");
        if ((options & 3) == 3) return PacketFault.Malformed("The QoS is 3. [MQTT-3-8.3-4]");
        if ((options & 0x30) == 0x30) return PacketFault.Protocol("Retain Handling is 3. [MQTT5 3.8.3.1]");
        if ((options & 4) != 0 && TopicFilter.IsShared(filter)) return PacketFault.Protocol("No Local on a shared subscription. [MQTT5-3.8.3-4]");

        return default;
    }

    private static PacketFault Unsubscribe(ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = default;
        var cursor = new SpanCursor(body);
        var fault = ReadIdentifierAndProperties(ref cursor, PropertyPlace.Unsubscribe, context, out var identifier, out var properties);
        if (fault.IsFault) return fault;
        if (cursor.IsAtEnd) return PacketFault.Protocol("UNSUBSCRIBE has no filter. [MQTT-3.10.3-2] [MQTT5-3.10.3-2]");

        var filters = new List<UnsubscribeRequest>(1);
        while (!cursor.IsAtEnd)
        {
            fault = ReadFilter(ref cursor, context, out var filter, out var refusal);
            if (fault.IsFault) return fault;

            filters.Add(new UnsubscribeRequest(Encoding.UTF8.GetString(filter), refusal));
        }

        packet = new PacketView(
            PacketType.Unsubscribe, new UnsubscribePacket { PacketIdentifier = identifier, Filters = [.. filters], Properties = MqttProperties.Decode(properties) });
        return default;
    }

    /// <summary>
    /// Text that is no text ends the connection. A wildcard in the wrong place ends it in 3.x, which has no word for it; 5.0 refuses that filter alone.
    /// Too many levels are a limit of ours, so they refuse the filter alone in every version. [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT5-4.7.1-1]
    /// </summary>
    private static PacketFault ReadFilter(scoped ref SpanCursor cursor, DecodeContext context, out ReadOnlySpan<byte> filter, out ReasonCode refusal)
    {
        refusal = ReasonCode.Success;
        if (!cursor.TryReadField(out filter)) return EndsTooEarly;
        if (filter.IsEmpty) return PacketFault.Malformed("A topic filter is empty. [MQTT-4.7.3-1] [MQTT5-4.7.3-1]");
        if (!Utf8Text.IsValidName(filter)) return PacketFault.Malformed("A topic filter is not well-formed text. [MQTT-3.8.3-1] [MQTT5-3.8.3-1]");

        if (!TopicFilter.IsWellFormed(filter))
        {
            if (context.Version != MqttVersion.V5) return PacketFault.Malformed("A topic filter is not well formed. [MQTT-4.7.1-2] [MQTT-4.7.1-3]");

            refusal = ReasonCode.TopicFilterInvalid;
        }
        else if (TopicName.CountLevels(filter) > context.Limits.MaxTopicLevels)
        {
            refusal = ReasonCode.TopicFilterInvalid;
        }

        return default;
    }

    private static PacketFault Granted(PacketType type, ReadOnlySpan<byte> body, DecodeContext context, out PacketView packet)
    {
        packet = default;
        var cursor = new SpanCursor(body);
        var place = type == PacketType.Suback ? PropertyPlace.Suback : PropertyPlace.Unsuback;
        var fault = ReadIdentifierAndProperties(ref cursor, place, context, out var identifier, out var properties);
        if (fault.IsFault) return fault;

        var codes = new ReasonCode[cursor.Rest.Length];
        if (codes.Length == 0 && (type == PacketType.Suback || context.Version == MqttVersion.V5)) return EndsTooEarly;

        for (var index = 0; index < codes.Length; index++)
        {
            codes[index] = (ReasonCode)cursor.Rest[index];
            var known = context.Version == MqttVersion.V5
                ? ReasonCodes.MayStandIn(codes[index], type, context.Direction)
                : codes[index] <= ReasonCode.GrantedQoS2 || codes[index] == ReasonCode.UnspecifiedError; // [MQTT-3.9.3-2]
            if (!known) return UnknownReason;
        }

        packet = type == PacketType.Suback
            ? new PacketView(type, new SubackPacket { PacketIdentifier = identifier, ReasonCodes = codes, Properties = MqttProperties.Decode(properties) })
            : new PacketView(type, new UnsubackPacket { PacketIdentifier = identifier, ReasonCodes = codes, Properties = MqttProperties.Decode(properties) });
        return default;
    }
}
