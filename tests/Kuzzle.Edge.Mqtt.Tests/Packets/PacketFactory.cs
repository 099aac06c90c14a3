using System.Buffers;
using System.Text;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

/// <summary>Legal packets at random: all types, versions, directions and properties.</summary>
internal sealed class PacketFactory(Random random)
{
    private static readonly string[] Texts = ["", "a", "Grün", "\uFEFFmarked", "𪛔", "with space", "läng/er/" + new string('x', 140)];
    private static readonly string[] Topics = ["a", "/", "a//b", "sport/tennis/player1", "\uFEFF/x", "$SYS/x", "Grün/🌡", new('t', 300)];
    private static readonly string[] Filters = ["a", "#", "+", "a/+/b", "a/#", "/", "+/+", "$share/g/a/#", "$SYS/#", "Grün/+"];

    public static IEnumerable<(PacketType Type, PacketDirection Direction, MqttVersion Version)> Kinds =>
        from version in new[] { MqttVersion.V31, MqttVersion.V311, MqttVersion.V5 }
        from direction in new[] { PacketDirection.ToServer, PacketDirection.ToClient }
        from type in Enum.GetValues<PacketType>()
        where MayTravel(type, direction, version)
        select (type, direction, version);

    /// <summary>A packet and its description, as the reader would describe it.</summary>
    public (byte[] Bytes, string Description) Make(PacketType type, PacketDirection direction, MqttVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        var description = type switch
        {
            PacketType.Publish => Publish(output, direction, version),
            PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp => Acknowledge(output, type, version),
            PacketType.Connect => Write(Connect(version), packet => PacketWriter.TryWrite(output, packet)),
            PacketType.Connack => Write(Connack(version), packet => PacketWriter.TryWrite(output, version, packet)),
            PacketType.Subscribe => Write(Subscribe(version), packet => PacketWriter.TryWrite(output, version, packet)),
            PacketType.Suback => Write(Suback(version), packet => PacketWriter.TryWrite(output, version, packet)),
            PacketType.Unsubscribe => Write(Unsubscribe(version), packet => PacketWriter.TryWrite(output, version, packet)),
            PacketType.Unsuback => Write(Unsuback(version), packet => PacketWriter.TryWrite(output, version, packet)),
            PacketType.Disconnect => Write(Disconnect(direction, version), packet => PacketWriter.TryWrite(output, version, packet)),
            PacketType.Auth => Write(Auth(direction), packet => PacketWriter.TryWrite(output, packet)),
            _ => Ping(output, type),
        };
        return (output.WrittenSpan.ToArray(), description);
    }

    private static bool MayTravel(PacketType type, PacketDirection direction, MqttVersion version) => type switch
    {
        PacketType.None => false,
        PacketType.Auth => version == MqttVersion.V5,
        PacketType.Connect or PacketType.Subscribe or PacketType.Unsubscribe or PacketType.Pingreq => direction == PacketDirection.ToServer,
        PacketType.Connack or PacketType.Suback or PacketType.Unsuback or PacketType.Pingresp => direction == PacketDirection.ToClient,
        PacketType.Disconnect => direction == PacketDirection.ToServer || version == MqttVersion.V5,
        _ => true,
    };

    private static string Write<T>(T packet, Func<T, bool> write)
    {
        write(packet).ShouldBeTrue();
        return Wire.Describe((object?)packet);
    }

    private static string Ping(ArrayBufferWriter<byte> output, PacketType type)
    {
        if (type == PacketType.Pingreq) PacketWriter.WritePingreq(output);
        else PacketWriter.WritePingresp(output);
        return type.ToString();
    }

    private string Publish(ArrayBufferWriter<byte> output, PacketDirection direction, MqttVersion version)
    {
        var isV5 = version == MqttVersion.V5;
        var qos = (QualityOfService)random.Next(3);
        var topic = Encoding.UTF8.GetBytes(Pick(Topics));
        var payload = Blob(300);
        byte[] forwardable = isV5 ? ForwardableProperties() : [];
        uint? expiry = isV5 && Maybe() ? (uint)random.Next() : null;
        uint[] identifiers = isV5 && direction == PacketDirection.ToClient
            ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => (uint)random.Next(1, 268_435_456))]
            : [];
        var identifier = qos == QualityOfService.AtMostOnce ? (ushort)0 : Identifier();
        var delivery = new PublishDelivery
        {
            PacketIdentifier = identifier,
            Duplicate = qos != QualityOfService.AtMostOnce && Maybe(),
            Retain = Maybe(),
            SubscriptionIdentifiers = identifiers,
        };
        var content = new PublishContent { Topic = topic, Payload = payload, ForwardableProperties = forwardable, MessageExpiryInterval = expiry };
        var size = PublishWriter.Write(output, version, qos, content, delivery);
        size.ShouldBe(output.WrittenCount);
        PublishWriter.SizeOf(version, qos, content, delivery).ShouldBe(size);

        var properties = new ArrayBufferWriter<byte>();
        foreach (var each in identifiers)
        {
            properties.Write<byte>([0x0B]);
            properties.Advance(VariableInteger.Write(properties.GetSpan(4), each));
        }

        if (expiry is { } seconds) properties.Write<byte>([0x02, (byte)(seconds >> 24), (byte)(seconds >> 16), (byte)(seconds >> 8), (byte)seconds]);
        properties.Write(forwardable);
        return Wire.Describe(new PublishView
        {
            Topic = topic,
            Payload = payload,
            Properties = properties.WrittenSpan,
            PacketIdentifier = identifier,
            QualityOfService = qos,
            Duplicate = delivery.Duplicate,
            Retain = delivery.Retain,
            MessageExpiryInterval = expiry,
        });
    }

    private byte[] ForwardableProperties()
    {
        var properties = MessageProperties() with { MessageExpiryInterval = null, WillDelayInterval = null };
        var bytes = new byte[properties.EncodedLength];
        properties.WriteTo(bytes);
        return bytes;
    }

    private string Acknowledge(ArrayBufferWriter<byte> output, PacketType type, MqttVersion version)
    {
        var identifier = Identifier();
        ReasonCode[] codes = type is PacketType.Puback or PacketType.Pubrec
            ? [ReasonCode.Success, ReasonCode.NoMatchingSubscribers, ReasonCode.NotAuthorized, ReasonCode.QuotaExceeded]
            : [ReasonCode.Success, ReasonCode.PacketIdentifierNotFound];
        var code = version == MqttVersion.V5 ? Pick(codes) : ReasonCode.Success;
        var properties = version == MqttVersion.V5 ? Reason() : null;
        PacketWriter.TryWriteAcknowledgement(output, version, type, identifier, code, properties).ShouldBeTrue();

        var encoded = new byte[properties?.EncodedLength ?? 0];
        properties?.WriteTo(encoded);
        return $"{type} {identifier} {code} {Convert.ToHexString(encoded)}";
    }

    private ConnectPacket Connect(MqttVersion version)
    {
        var isV5 = version == MqttVersion.V5;
        var userName = Maybe() ? Pick(Texts) : null;
        return new ConnectPacket
        {
            Version = version,
            ClientId = isV5 ? Pick(Texts) : "c" + Pick(Texts),
            CleanStart = Maybe(),
            KeepAlive = (ushort)random.Next(65_536),
            UserName = userName,
            Password = Maybe() && (isV5 || userName is not null) ? Blob(40) : (ReadOnlyMemory<byte>?)null,
            Will = Maybe() ? Will(isV5) : null,
            Properties = !isV5 || Maybe() ? null : new MqttProperties
            {
                SessionExpiryInterval = (uint)random.Next(),
                ReceiveMaximum = (ushort)random.Next(1, 65_536),
                MaximumPacketSize = (uint)random.Next(1, int.MaxValue),
                TopicAliasMaximum = Maybe() ? (ushort)random.Next(65_536) : null,
                RequestProblemInformation = Maybe() ? (byte)random.Next(2) : null,
                RequestResponseInformation = Maybe() ? (byte)random.Next(2) : null,
                AuthenticationMethod = "SCRAM",
                AuthenticationData = Maybe() ? Blob(20) : null,
                UserProperties = UserProperties(),
            },
        };
    }

    private WillMessage Will(bool isV5) => new()
    {
        Topic = Pick(Topics),
        Payload = Blob(50),
        QualityOfService = (QualityOfService)random.Next(3),
        Retain = Maybe(),
        Properties = isV5 && Maybe() ? MessageProperties() : null,
    };

    private MqttProperties MessageProperties() => new()
    {
        WillDelayInterval = (uint)random.Next(),
        PayloadFormatIndicator = Maybe() ? (byte)random.Next(2) : null,
        MessageExpiryInterval = Maybe() ? (uint)random.Next() : null,
        ContentType = Maybe() ? Pick(Texts) : null,
        ResponseTopic = Maybe() ? Pick(Topics) : null,
        CorrelationData = Maybe() ? Blob(20) : null,
        UserProperties = UserProperties(),
    };

    private ConnackPacket Connack(MqttVersion version)
    {
        if (version != MqttVersion.V5)
        {
            var refusal = Pick([ReasonCode.Success, ReasonCode.UnsupportedProtocolVersion, ReasonCode.ClientIdentifierNotValid, ReasonCode.NotAuthorized]);
            return new ConnackPacket { ReasonCode = refusal, SessionPresent = version == MqttVersion.V311 && refusal == ReasonCode.Success && Maybe() };
        }

        var code = Pick([ReasonCode.Success, ReasonCode.Success, ReasonCode.ServerMoved, ReasonCode.Banned]);
        return new ConnackPacket
        {
            SessionPresent = code == ReasonCode.Success && Maybe(),
            ReasonCode = code,
            Properties = Maybe() ? null : new MqttProperties
            {
                AssignedClientIdentifier = Pick(Texts),
                ServerKeepAlive = (ushort)random.Next(65_536),
                MaximumQoS = Maybe() ? (byte)random.Next(2) : null,
                RetainAvailable = (byte)random.Next(2),
                WildcardSubscriptionAvailable = (byte)random.Next(2),
                SubscriptionIdentifierAvailable = (byte)random.Next(2),
                SharedSubscriptionAvailable = (byte)random.Next(2),
                ResponseInformation = Maybe() ? Pick(Texts) : null,
                ServerReference = Maybe() ? Pick(Texts) : null,
                ReasonString = Maybe() ? Pick(Texts) : null,
                UserProperties = UserProperties(),
            },
        };
    }

    private SubscribePacket Subscribe(MqttVersion version) => new()
    {
        PacketIdentifier = Identifier(),
        Subscriptions = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Subscription(version == MqttVersion.V5))],
        Properties = version != MqttVersion.V5 || Maybe()
            ? null
            : new MqttProperties { SubscriptionIdentifier = (uint)random.Next(1, 268_435_456), UserProperties = UserProperties() },
    };

    private SubscriptionRequest Subscription(bool isV5)
    {
        var filter = Pick(Filters);
        return new SubscriptionRequest
        {
            Filter = filter,
            QualityOfService = (QualityOfService)random.Next(3),
            NoLocal = isV5 && Maybe() && !filter.StartsWith("$share", StringComparison.Ordinal),
            RetainAsPublished = isV5 && Maybe(),
            RetainHandling = isV5 ? (RetainHandling)random.Next(3) : RetainHandling.SendAlways,
        };
    }

    private SubackPacket Suback(MqttVersion version) => new()
    {
        PacketIdentifier = Identifier(),
        ReasonCodes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pick([ReasonCode.Success, ReasonCode.GrantedQoS2, ReasonCode.UnspecifiedError]))],
        Properties = version == MqttVersion.V5 ? Reason() : null,
    };

    private UnsubscribePacket Unsubscribe(MqttVersion version) => new()
    {
        PacketIdentifier = Identifier(),
        Filters = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new UnsubscribeRequest(Pick(Filters)))],
        Properties = version == MqttVersion.V5 && Maybe() ? new MqttProperties { UserProperties = [new("n", "v")] } : null,
    };

    private UnsubackPacket Unsuback(MqttVersion version) => new()
    {
        PacketIdentifier = Identifier(),
        ReasonCodes = version != MqttVersion.V5
            ? []
            : [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pick([ReasonCode.Success, ReasonCode.NoSubscriptionExisted]))],
        Properties = version == MqttVersion.V5 ? Reason() : null,
    };

    private DisconnectPacket Disconnect(PacketDirection direction, MqttVersion version)
    {
        if (version != MqttVersion.V5) return new DisconnectPacket();

        return direction == PacketDirection.ToClient
            ? new DisconnectPacket { ReasonCode = Pick([ReasonCode.SessionTakenOver, ReasonCode.ServerShuttingDown]), Properties = Reason() }
            : new DisconnectPacket
            {
                ReasonCode = Pick([ReasonCode.Success, ReasonCode.DisconnectWithWillMessage]),
                Properties = Maybe() ? null : new MqttProperties { SessionExpiryInterval = (uint)random.Next() },
            };
    }

    private AuthPacket Auth(PacketDirection direction) => new()
    {
        ReasonCode = direction == PacketDirection.ToServer ? ReasonCode.ReAuthenticate : ReasonCode.ContinueAuthentication,
        Properties = new MqttProperties { AuthenticationMethod = "SCRAM", AuthenticationData = Blob(30), UserProperties = UserProperties() },
    };

    private MqttProperties? Reason() => Maybe() ? null : new MqttProperties { ReasonString = Pick(Texts), UserProperties = UserProperties() };

    private List<UserProperty> UserProperties() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => new UserProperty(Pick(Texts), Pick(Texts)))];

    private ushort Identifier() => (ushort)random.Next(1, 65_536);

    private bool Maybe() => random.Next(2) == 0;

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private byte[] Blob(int atMost)
    {
        var blob = new byte[random.Next(atMost)];
        random.NextBytes(blob);
        return blob;
    }
}
