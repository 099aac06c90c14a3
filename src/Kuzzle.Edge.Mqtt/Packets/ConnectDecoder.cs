using System.Text;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>CONNECT. [MQTT 3.1] [MQTT5 3.1]</summary>
internal static class ConnectDecoder
{
    /// <summary>Stands in the protocol level of bridges that speak 3.1 or 3.1.1.</summary>
    public const byte BridgeMark = 0x80;

    private const byte UserNameFlag = 0x80, PasswordFlag = 0x40, WillRetainFlag = 0x20, WillQoSFlags = 0x18, WillFlag = 0x04, CleanStartFlag = 0x02;

    /// <summary>Reads and checks the whole packet.</summary>
    /// <param name="header">The fixed header.</param>
    /// <param name="body">The packet behind it.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="version">The version in which to answer, also when the packet is refused; unknown when no answer is due.</param>
    /// <param name="connect">The packet, unless it is refused.</param>
    public static PacketFault Decode(FixedHeader header, ReadOnlySpan<byte> body, PacketLimits limits, out MqttVersion version, out ConnectPacket? connect)
    {
        var fault = Read(header, body, limits, out version, out connect);

        // 3.x has words for these two faults only; for all others the connection is closed without any. [MQTT-3.1.4-1]
        if (fault.IsFault && version != MqttVersion.V5 && fault.Code is not (ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid))
            version = MqttVersion.Unknown;

        return fault;
    }

    private static PacketFault Read(FixedHeader header, ReadOnlySpan<byte> body, PacketLimits limits, out MqttVersion version, out ConnectPacket? connect)
    {
        connect = null;
        version = MqttVersion.Unknown;
        var cursor = new SpanCursor(body);
        if (!cursor.TryReadField(out var name) || !cursor.TryReadByte(out var level)) return EndsTooEarly;

        var fault = CheckProtocol(name, level, out version);
        if (fault.IsFault) return fault;
        if (header.Flags != 0 && version != MqttVersion.V31) return PacketFault.Malformed("A reserved flag is wrong. [MQTT-2.2.2-2] [MQTT5-2.1.3-1]");
        if (header.IsStretched && version == MqttVersion.V5) return PacketFault.Malformed("The remaining length is not in its shortest form. [MQTT5-1.5.5-1]");
        if (!cursor.TryReadByte(out var flags) || !cursor.TryReadUInt16(out var keepAlive)) return EndsTooEarly;

        fault = CheckFlags(flags, version);
        if (fault.IsFault) return fault;

        var context = new DecodeContext(version, PacketDirection.ToServer, limits);
        ReadOnlySpan<byte> properties = default;
        if (version == MqttVersion.V5)
        {
            fault = context.ReadProperties(ref cursor, PropertyPlace.Connect, out properties, out var summary);
            if (fault.IsFault) return fault;
            if (summary.Has(PropertyId.AuthenticationData) && !summary.Has(PropertyId.AuthenticationMethod)) return DataWithoutMethod;
        }

        if (!cursor.TryReadField(out var clientId)) return EndsTooEarly;
        if (!Utf8Text.IsValidName(clientId))
        {
            // 5.0 has a code for it; 3.x only knows the identifier that is well formed and not wanted.
            var code = version == MqttVersion.V5 ? ReasonCode.ClientIdentifierNotValid : ReasonCode.MalformedPacket;
            return new PacketFault(code, "The client identifier is not well-formed text. [MQTT-3.1.3-4] [MQTT5-3.1.3-4]");
        }

        WillMessage? will = null;
        if ((flags & WillFlag) != 0)
        {
            fault = ReadWill(ref cursor, flags, context, out will);
            if (fault.IsFault) return fault;
        }

        fault = ReadCredentials(ref cursor, flags, version, out var userName, out var password);
        if (fault.IsFault) return fault;
        if (!cursor.IsAtEnd) return PacketFault.Malformed("Bytes are left over behind the last field.");

        // Last, so that a refusal with "identifier rejected" is only said of a packet that is right otherwise. [MQTT-3.1.3-8]
        var cleanStart = (flags & CleanStartFlag) != 0;
        if (clientId.IsEmpty && (version == MqttVersion.V31 || (version == MqttVersion.V311 && !cleanStart)))
            return new PacketFault(ReasonCode.ClientIdentifierNotValid, "An empty client identifier needs a clean session. [MQTT-3.1.3-8]");

        connect = new ConnectPacket
        {
            Version = version,
            IsBridge = version != MqttVersion.V5 && (level & BridgeMark) != 0,
            ClientId = Encoding.UTF8.GetString(clientId),
            CleanStart = cleanStart,
            KeepAlive = keepAlive,
            Will = will,
            UserName = userName,
            Password = password,
            Properties = MqttProperties.Decode(properties),
        };
        return default;
    }

    internal static PacketFault DataWithoutMethod => PacketFault.Protocol("Authentication data comes without a method.");

    private static PacketFault EndsTooEarly => PacketFault.Malformed("CONNECT ends too early.");

    private static PacketFault CheckProtocol(ReadOnlySpan<byte> name, byte level, out MqttVersion version)
    {
        var isMqtt = name.SequenceEqual("MQTT"u8);
        var isOld = name.SequenceEqual("MQIsdp"u8);
        version = (isMqtt, isOld, level) switch
        {
            (true, _, 4 or (BridgeMark | 4)) => MqttVersion.V311,
            (true, _, 5) => MqttVersion.V5,
            (_, true, 3 or (BridgeMark | 3)) => MqttVersion.V31,
            _ => MqttVersion.Unknown,
        };
        if (version != MqttVersion.Unknown) return default;
        if (!isMqtt && !isOld) return PacketFault.Malformed("The protocol name is unknown. [MQTT-3.1.2-1] [MQTT5-3.1.2-1]");

        // The refusal is written in the form the client will understand: 5.0 from level 5 up. [MQTT-3.1.2-2] [MQTT5-3.1.2-2]
        version = isMqtt && level is >= 5 and < BridgeMark ? MqttVersion.V5 : MqttVersion.V311;
        return new PacketFault(ReasonCode.UnsupportedProtocolVersion, "The protocol level is not supported.");
    }

    private static PacketFault CheckFlags(byte flags, MqttVersion version)
    {
        // MQTT 3.1 only says that the bit is not used.
        if ((flags & 1) != 0 && version != MqttVersion.V31) return PacketFault.Malformed("The reserved connect flag is set. [MQTT-3.1.2-3] [MQTT5-3.1.2-3]");
        if ((flags & WillQoSFlags) == WillQoSFlags) return PacketFault.Malformed("The will's QoS is 3. [MQTT-3.1.2-14] [MQTT5-3.1.2-12]");
        if ((flags & WillFlag) == 0 && (flags & (WillQoSFlags | WillRetainFlag)) != 0)
            return PacketFault.Malformed("Will QoS or will retain is set without a will. [MQTT-3.1.2-13] [MQTT-3.1.2-15] [MQTT5-3.1.2-11] [MQTT5-3.1.2-13]");
        if (version != MqttVersion.V5 && (flags & (PasswordFlag | UserNameFlag)) == PasswordFlag)
            return PacketFault.Malformed("A password comes without a user name. [MQTT-3.1.2-22]");

        return default;
    }

    private static PacketFault ReadWill(scoped ref SpanCursor cursor, byte flags, DecodeContext context, out WillMessage? will)
    {
        will = null;
        ReadOnlySpan<byte> properties = default;
        if (context.Version == MqttVersion.V5)
        {
            var fault = context.ReadProperties(ref cursor, PropertyPlace.Will, out properties, out _);
            if (fault.IsFault) return fault;
        }

        if (!cursor.TryReadField(out var topic) || !cursor.TryReadField(out var payload)) return EndsTooEarly;
        if (!TopicName.IsValid(topic)) return PacketFault.Malformed("The will's topic is not a valid topic name. [MQTT-3.1.3-10] [MQTT5-3.1.3-11]");
        if (TopicName.CountLevels(topic) > context.Limits.MaxTopicLevels)
            return new PacketFault(ReasonCode.TopicNameInvalid, "The will's topic has too many levels.");

        will = new WillMessage
        {
            Topic = Encoding.UTF8.GetString(topic),
            Payload = payload.ToArray(),
            QualityOfService = (QualityOfService)((flags & WillQoSFlags) >> 3),
            Retain = (flags & WillRetainFlag) != 0,
            Properties = MqttProperties.Decode(properties),
        };
        return default;
    }

    private static PacketFault ReadCredentials(scoped ref SpanCursor cursor, byte flags, MqttVersion version, out string? userName, out ReadOnlyMemory<byte>? password)
    {
        userName = null;
        password = null;
        if ((flags & UserNameFlag) != 0 && !MayBeMissing(cursor, version))
        {
            if (!cursor.TryReadField(out var name)) return EndsTooEarly;
            if (!Utf8Text.IsValidName(name)) return PacketFault.Malformed("The user name is not well-formed text. [MQTT-3.1.3-11] [MQTT5-3.1.3-12]");

            userName = Encoding.UTF8.GetString(name);
        }

        if ((flags & PasswordFlag) != 0 && !MayBeMissing(cursor, version))
        {
            if (!cursor.TryReadField(out var secret)) return EndsTooEarly;

            password = secret.ToArray();
        }

        return default;
    }

    // MQTT 3.1: "it is valid to have the flag set and the string missing", for the sake of clients of version 3.0.
    private static bool MayBeMissing(SpanCursor cursor, MqttVersion version) => version == MqttVersion.V31 && cursor.IsAtEnd;
}
