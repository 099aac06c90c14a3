using System.Buffers;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The first two to five bytes of a packet.</summary>
internal readonly record struct FixedHeader(PacketType Type, byte Flags, int Length, int BodyLength)
{
    public int TotalLength => Length + BodyLength;

    /// <summary>Whether the remaining length has more bytes than it needs.</summary>
    public bool IsStretched => Length > 1 + VariableInteger.SizeOf((uint)BodyLength);

    public static OperationStatus TryParse(ReadOnlySpan<byte> received, out FixedHeader header)
    {
        header = default;
        var bodyLength = 0;
        for (var index = 1; index < 5; index++)
        {
            if (index >= received.Length) return OperationStatus.NeedMoreData;

            var next = received[index];
            bodyLength |= (next & 0x7F) << (7 * (index - 1));
            if (next >= 0x80) continue;

            header = new FixedHeader((PacketType)(received[0] >> 4), (byte)(received[0] & 0x0F), index + 1, bodyLength);
            return OperationStatus.Done;
        }

        return OperationStatus.InvalidData;
    }

    /// <summary>Whether this type may come now and its flags are the ones reserved for it. [MQTT-2.2.2-2] [MQTT5-2.1.3-1]</summary>
    public static PacketFault CheckFirstByte(byte first, PacketDirection direction, MqttVersion version)
    {
        var type = (PacketType)(first >> 4);

        // MQTT 3.1 ignores the flags of CONNECT, and which version this is stands behind them.
        if (version == MqttVersion.Unknown) return type == PacketType.Connect ? default : PacketFault.Malformed("The first packet is not CONNECT. [MQTT-3.1.0-1]");
        if (!MayTravel(type, direction, version)) return PacketFault.Protocol("This type of packet may not come from this side, or not now.");

        var flags = first & 0x0F;
        if (type != PacketType.Publish)
        {
            var reserved = type is PacketType.Pubrel or PacketType.Subscribe or PacketType.Unsubscribe ? 0x02 : 0x00;
            if (flags == reserved) return default;

            // MQTT 3.1 had DUP and QoS where 3.1.1 has fixed bits: a client of that time repeats PUBREL, SUBSCRIBE and UNSUBSCRIBE with DUP set.
            return version == MqttVersion.V31 && reserved == 0x02 && flags == 0x0A ? default : PacketFault.Malformed("A reserved flag is wrong. [MQTT-2.2.2-2]");
        }

        if ((flags & 0x06) == 0x06) return PacketFault.Malformed("The QoS is 3. [MQTT-3.3.1-4] [MQTT5-3.3.1-4]");
        if ((flags & 0x0E) == 0x08 && version != MqttVersion.V31) return PacketFault.Malformed("DUP is set at QoS 0. [MQTT-3.3.1-2] [MQTT5-3.3.1-2]");

        return default;
    }

    /// <summary>Whether a body of this length can belong to this type.</summary>
    public PacketFault CheckLength(MqttVersion version)
    {
        var fits = Type switch
        {
            PacketType.Pingreq or PacketType.Pingresp => BodyLength == 0,
            PacketType.Disconnect => version == MqttVersion.V5 || BodyLength == 0,
            PacketType.Connack => version == MqttVersion.V5 ? BodyLength >= 3 : BodyLength == 2,
            PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp => version == MqttVersion.V5 ? BodyLength >= 2 : BodyLength == 2,
            PacketType.Unsuback => version == MqttVersion.V5 || BodyLength == 2,
            _ => true,
        };
        return fits ? default : PacketFault.Malformed("The remaining length does not fit the type of packet.");
    }

    private static bool MayTravel(PacketType type, PacketDirection direction, MqttVersion version) => type switch
    {
        PacketType.Publish or PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp => true,
        PacketType.Subscribe or PacketType.Unsubscribe or PacketType.Pingreq => direction == PacketDirection.ToServer,
        PacketType.Connack or PacketType.Suback or PacketType.Unsuback or PacketType.Pingresp => direction == PacketDirection.ToClient,
        PacketType.Disconnect => direction == PacketDirection.ToServer || version == MqttVersion.V5,
        PacketType.Auth => version == MqttVersion.V5,
        _ => false, // None, and CONNECT: the first one has been read.
    };
}
