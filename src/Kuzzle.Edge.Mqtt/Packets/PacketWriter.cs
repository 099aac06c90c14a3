using System.Buffers;
using System.Buffers.Binary;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// Writes every packet but PUBLISH. A method that answers a bool takes the peer's Maximum Packet Size: when the packet would be larger, Reason String and User
/// Properties are left out; when it still is, nothing is written and the answer is false. [MQTT5-3.1.2-24] [MQTT5-3.1.2-25]
/// </summary>
public static class PacketWriter
{
    /// <summary>PINGREQ.</summary>
    public static void WritePingreq(IBufferWriter<byte> output) => WriteEmpty(output, PacketType.Pingreq);

    /// <summary>PINGRESP.</summary>
    public static void WritePingresp(IBufferWriter<byte> output) => WriteEmpty(output, PacketType.Pingresp);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP without properties: two bytes of body in 3.x and at success, else three.</summary>
    public static void WriteAcknowledgement(
        IBufferWriter<byte> output, MqttVersion version, PacketType type, ushort packetIdentifier, ReasonCode reasonCode = ReasonCode.Success)
    {
        var bodyLength = version == MqttVersion.V5 && reasonCode != ReasonCode.Success ? 3 : 2;
        var destination = output.GetSpan(2 + bodyLength);
        destination[0] = FirstByte(type);
        destination[1] = (byte)bodyLength;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], packetIdentifier);
        if (bodyLength == 3) destination[4] = (byte)reasonCode;
        output.Advance(2 + bodyLength);
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP with properties; these and the reason code are left out for 3.x.</summary>
    public static bool TryWriteAcknowledgement(
        IBufferWriter<byte> output, MqttVersion version, PacketType type, ushort packetIdentifier, ReasonCode reasonCode, MqttProperties? properties,
        long maxPacketBytes = long.MaxValue)
    {
        if (version != MqttVersion.V5 || properties is null)
        {
            if (maxPacketBytes < (version == MqttVersion.V5 && reasonCode != ReasonCode.Success ? 5 : 4)) return false;

            WriteAcknowledgement(output, version, type, packetIdentifier, reasonCode);
            return true;
        }

        if (!TryFit(version, 3, 0, ref properties, maxPacketBytes, out var bodyLength) || properties is null or { IsEmpty: true })
            return TryWriteAcknowledgement(output, version, type, packetIdentifier, reasonCode, properties: null, maxPacketBytes);

        var frame = new Frame(output, FirstByte(type), bodyLength);
        frame.UInt16(packetIdentifier);
        frame.Byte((byte)reasonCode);
        frame.Properties(properties);
        frame.Complete();
        return true;
    }

    /// <summary>CONNECT, in the version that the packet names.</summary>
    /// <exception cref="ArgumentException">A string or a will is longer than 65,535 bytes, or a 3.x packet has a password without a user name.</exception>
    public static bool TryWrite(IBufferWriter<byte> output, ConnectPacket packet, long maxPacketBytes = long.MaxValue)
    {
        var isV5 = packet.Version == MqttVersion.V5;
        if (!isV5 && packet is { Password: not null, UserName: null })
            throw new ArgumentException("Before MQTT 5.0 a password needs a user name. [MQTT-3.1.2-22]", nameof(packet));

        var name = packet.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT";
        var properties = packet.Properties;
        var willProperties = packet.Will?.Properties;
        var willPropertiesLength = willProperties?.EncodedLength ?? 0;
        var fixedPart = 2 + name.Length + 4;
        var tail = 2L + FieldText.BytesOf(packet.ClientId);
        if (packet.Will is { } will)
        {
            if (will.Payload.Length > ushort.MaxValue) throw new ArgumentException($"A will of {will.Payload.Length} bytes cannot be sent; at most 65535 can.", nameof(packet));
            tail += 2 + FieldText.BytesOf(will.Topic) + 2 + will.Payload.Length;
            if (isV5) tail += VariableInteger.SizeOf((uint)willPropertiesLength) + willPropertiesLength;
        }

        if (packet.UserName is { } userName) tail += 2 + FieldText.BytesOf(userName);
        if (packet.Password is { Length: > ushort.MaxValue }) throw new ArgumentException("A password cannot have more than 65535 bytes.", nameof(packet));
        if (packet.Password is { } password) tail += 2 + password.Length;
        if (!TryFit(packet.Version, fixedPart, tail, ref properties, maxPacketBytes, out var bodyLength)) return false;

        var frame = new Frame(output, FirstByte(PacketType.Connect), bodyLength);
        frame.Text(name);
        frame.Byte((byte)(packet.IsBridge && !isV5 ? (byte)packet.Version | ConnectDecoder.BridgeMark : (byte)packet.Version));
        frame.Byte(FlagsOf(packet));
        frame.UInt16(packet.KeepAlive);
        if (isV5) frame.Properties(properties);
        frame.Text(packet.ClientId);
        if (packet.Will is { } left)
        {
            if (isV5) frame.Properties(willProperties);
            frame.Text(left.Topic);
            frame.Field(left.Payload.Span);
        }

        if (packet.UserName is { } user) frame.Text(user);
        if (packet.Password is { } secret) frame.Field(secret.Span);
        frame.Complete();
        return true;
    }

    /// <summary>CONNACK. For 3.x the reason code becomes the nearest return code; a 3.1 client gets no session flag, which its version lacks.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttVersion version, ConnackPacket packet, long maxPacketBytes = long.MaxValue)
    {
        var properties = packet.Properties;
        if (!TryFit(version, 2, 0, ref properties, maxPacketBytes, out var bodyLength)) return false;

        var frame = new Frame(output, FirstByte(PacketType.Connack), bodyLength);
        var present = packet.SessionPresent && packet.ReasonCode == ReasonCode.Success && version != MqttVersion.V31;
        frame.Byte(present ? (byte)1 : (byte)0);
        frame.Byte(version == MqttVersion.V5 ? (byte)packet.ReasonCode : ReasonCodes.ToReturnCode(packet.ReasonCode));
        if (version == MqttVersion.V5) frame.Properties(properties);
        frame.Complete();
        return true;
    }

    /// <summary>SUBSCRIBE. The options that 3.x lacks are left out for it.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttVersion version, SubscribePacket packet, long maxPacketBytes = long.MaxValue)
    {
        var properties = packet.Properties;
        var tail = 0L;
        foreach (var subscription in packet.Subscriptions) tail += 3 + FieldText.BytesOf(subscription.Filter);
        if (!TryFit(version, 2, tail, ref properties, maxPacketBytes, out var bodyLength)) return false;

        var frame = new Frame(output, FirstByte(PacketType.Subscribe), bodyLength);
        frame.UInt16(packet.PacketIdentifier);
        if (version == MqttVersion.V5) frame.Properties(properties);
        foreach (var subscription in packet.Subscriptions)
        {
            frame.Text(subscription.Filter);
            frame.Byte(OptionsOf(subscription, version));
        }

        frame.Complete();
        return true;
    }

    /// <summary>SUBACK. For 3.x every refusal is 0x80. [MQTT-3.9.3-2]</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttVersion version, SubackPacket packet, long maxPacketBytes = long.MaxValue)
    {
        var properties = packet.Properties;
        if (!TryFit(version, 2, packet.ReasonCodes.Length, ref properties, maxPacketBytes, out var bodyLength)) return false;

        var frame = new Frame(output, FirstByte(PacketType.Suback), bodyLength);
        frame.UInt16(packet.PacketIdentifier);
        if (version == MqttVersion.V5) frame.Properties(properties);
        foreach (var code in packet.ReasonCodes)
            frame.Byte(version != MqttVersion.V5 && code >= ReasonCode.UnspecifiedError ? (byte)ReasonCode.UnspecifiedError : (byte)code);

        frame.Complete();
        return true;
    }

    /// <summary>UNSUBSCRIBE.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttVersion version, UnsubscribePacket packet, long maxPacketBytes = long.MaxValue)
    {
        var properties = packet.Properties;
        var tail = 0L;
        foreach (var request in packet.Filters) tail += 2 + FieldText.BytesOf(request.Filter);
        if (!TryFit(version, 2, tail, ref properties, maxPacketBytes, out var bodyLength)) return false;

        var frame = new Frame(output, FirstByte(PacketType.Unsubscribe), bodyLength);
        frame.UInt16(packet.PacketIdentifier);
        if (version == MqttVersion.V5) frame.Properties(properties);
        foreach (var request in packet.Filters) frame.Text(request.Filter);

        frame.Complete();
        return true;
    }

    /// <summary>UNSUBACK. For 3.x without reason codes.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttVersion version, UnsubackPacket packet, long maxPacketBytes = long.MaxValue)
    {
        var properties = packet.Properties;
        var isV5 = version == MqttVersion.V5;
        if (!TryFit(version, 2, isV5 ? packet.ReasonCodes.Length : 0, ref properties, maxPacketBytes, out var bodyLength)) return false;

        var frame = new Frame(output, FirstByte(PacketType.Unsuback), bodyLength);
        frame.UInt16(packet.PacketIdentifier);
        if (isV5)
        {
            frame.Properties(properties);
            foreach (var code in packet.ReasonCodes) frame.Byte((byte)code);
        }

        frame.Complete();
        return true;
    }

    /// <summary>DISCONNECT. A server must not send it to 3.x clients at all; from a 3.x client it is two bytes.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttVersion version, DisconnectPacket packet, long maxPacketBytes = long.MaxValue) =>
        TryWriteReason(output, version, PacketType.Disconnect, packet.ReasonCode, packet.Properties, maxPacketBytes);

    /// <summary>AUTH.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, AuthPacket packet, long maxPacketBytes = long.MaxValue) =>
        TryWriteReason(output, MqttVersion.V5, PacketType.Auth, packet.ReasonCode, packet.Properties, maxPacketBytes);

    private static bool TryWriteReason(
        IBufferWriter<byte> output, MqttVersion version, PacketType type, ReasonCode reasonCode, MqttProperties? properties, long maxPacketBytes)
    {
        if (version != MqttVersion.V5 || (reasonCode == ReasonCode.Success && properties is null))
        {
            if (maxPacketBytes < 2) return false;

            WriteEmpty(output, type);
            return true;
        }

        if (!TryFit(version, 1, 0, ref properties, maxPacketBytes, out var bodyLength))
        {
            if (maxPacketBytes < 3 || properties is { IsEmpty: false }) return false;

            properties = null;
        }

        // The length of an empty list may be left out, and with it the last reason why a short notice could not be sent.
        var hasProperties = properties is { IsEmpty: false };
        var frame = new Frame(output, FirstByte(type), hasProperties ? bodyLength : 1);
        frame.Byte((byte)reasonCode);
        if (hasProperties) frame.Properties(properties);
        frame.Complete();
        return true;
    }

    /// <summary>Length of the body with as many properties as fit: all, or all but those that only explain.</summary>
    private static bool TryFit(MqttVersion version, int before, long behind, ref MqttProperties? properties, long maxPacketBytes, out int bodyLength)
    {
        if (Fits(version, before + behind, properties, maxPacketBytes, out bodyLength)) return true;
        if (version != MqttVersion.V5 || properties is null) return false;

        properties = properties.WithoutDiagnostics();
        return Fits(version, before + behind, properties, maxPacketBytes, out bodyLength);
    }

    private static bool Fits(MqttVersion version, long others, MqttProperties? properties, long maxPacketBytes, out int bodyLength)
    {
        var length = others;
        if (version == MqttVersion.V5)
        {
            var propertiesLength = properties?.EncodedLength ?? 0;
            length += VariableInteger.SizeOf((uint)propertiesLength) + propertiesLength;
        }

        bodyLength = (int)Math.Min(length, int.MaxValue);
        return length <= VariableInteger.Max && 1 + VariableInteger.SizeOf((uint)length) + length <= maxPacketBytes;
    }

    private static void WriteEmpty(IBufferWriter<byte> output, PacketType type)
    {
        var destination = output.GetSpan(2);
        destination[0] = FirstByte(type);
        destination[1] = 0;
        output.Advance(2);
    }

    private static byte FirstByte(PacketType type) =>
        (byte)(((byte)type << 4) | (type is PacketType.Pubrel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0));

    private static byte FlagsOf(ConnectPacket packet)
    {
        var flags = packet.CleanStart ? 0x02 : 0;
        if (packet.Will is { } will) flags |= 0x04 | ((byte)will.QualityOfService << 3) | (will.Retain ? 0x20 : 0);
        if (packet.Password is not null) flags |= 0x40;
        if (packet.UserName is not null) flags |= 0x80;
        return (byte)flags;
    }

    private static byte OptionsOf(SubscriptionRequest subscription, MqttVersion version)
    {
        var options = (int)subscription.QualityOfService;
        if (version != MqttVersion.V5) return (byte)options;
        if (subscription.NoLocal) options |= 4;
        if (subscription.RetainAsPublished) options |= 8;
        return (byte)(options | ((int)subscription.RetainHandling << 4));
    }
}
