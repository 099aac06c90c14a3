using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

/// <summary>Bytes for tests: from hexadecimal text, back to text, and through the reader.</summary>
internal static class Wire
{
    private static readonly PacketLimits Generous = PacketLimits.Default with { TopicAliasMaximum = 10 };

    /// <summary>Hexadecimal bytes and 'quoted text', separated by blanks.</summary>
    public static byte[] Bytes(string spec)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < spec.Length;)
        {
            if (spec[at] == ' ')
            {
                at++;
            }
            else if (spec[at] == '\'')
            {
                var end = spec.IndexOf('\'', at + 1);
                bytes.AddRange(Encoding.UTF8.GetBytes(spec[(at + 1)..end]));
                at = end + 1;
            }
            else
            {
                bytes.Add(byte.Parse(spec.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += 2;
            }
        }

        return [.. bytes];
    }

    public static PacketReader Reader(MqttVersion version, PacketDirection direction = PacketDirection.ToServer) => new(direction, Generous, version);

    /// <summary>Reads one packet that must be all of the bytes, and describes it.</summary>
    public static string Describe(PacketReader reader, ReadOnlySpan<byte> bytes)
    {
        var status = reader.TryRead(bytes, out var packet, out var consumed);
        status.ShouldBe(OperationStatus.Done, $"{reader.Fault} {Convert.ToHexString(bytes)}");
        consumed.ShouldBe(bytes.Length);
        return Describe(packet);
    }

    public static OperationStatus Status(PacketReader reader, ReadOnlySpan<byte> bytes) => reader.TryRead(bytes, out _, out _);

    /// <summary>Everything that is in a packet, as text that is equal exactly when the packets are.</summary>
    public static string Describe(PacketView packet) => packet.Type switch
    {
        PacketType.Publish => Describe(packet.Publish),
        PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp =>
            $"{packet.Type} {packet.Acknowledgement.PacketIdentifier} {packet.Acknowledgement.ReasonCode} {Convert.ToHexString(packet.Acknowledgement.Properties)}",
        PacketType.Connect => Describe(packet.Connect),
        PacketType.Connack => Describe(packet.Connack),
        PacketType.Subscribe => Describe(packet.Subscribe),
        PacketType.Suback => Describe(packet.Suback),
        PacketType.Unsubscribe => Describe(packet.Unsubscribe),
        PacketType.Unsuback => Describe(packet.Unsuback),
        PacketType.Disconnect => Describe(packet.Disconnect),
        PacketType.Auth => Describe(packet.Auth),
        _ => packet.Type.ToString(),
    };

    public static string Describe(PublishView publish) =>
        $"Publish {Convert.ToHexString(publish.Topic)} {publish.PacketIdentifier} {publish.QualityOfService} dup={publish.Duplicate} retain={publish.Retain} " +
        $"alias={publish.TopicAlias} expiry={publish.MessageExpiryInterval} {Convert.ToHexString(publish.Properties)} {Convert.ToHexString(publish.Payload)}";

    public static string Describe(object? value)
    {
        switch (value)
        {
            case null: return "null";
            case byte[] bytes: return Convert.ToHexString(bytes);
            case ReadOnlyMemory<byte> memory: return Convert.ToHexString(memory.Span);
            case string or Enum or ValueType and IFormattable or bool: return $"<{value}>";
            case IEnumerable items: return "[" + string.Join(", ", items.Cast<object>().Select(Describe)) + "]";
        }

        var members = value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.Name != "EqualityContract");
        return $"{value.GetType().Name}({string.Join(", ", members.Select(member => $"{member.Name}={Describe(member.GetValue(value))}"))})";
    }

    /// <summary>Writes what was read.</summary>
    public static byte[] Rewrite(PacketView packet, MqttVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        switch (packet.Type)
        {
            case PacketType.Publish: Rewrite(packet.Publish, version, output); break;
            case PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp:
                var answer = packet.Acknowledgement;
                PacketWriter.TryWriteAcknowledgement(
                    output, version, packet.Type, answer.PacketIdentifier, answer.ReasonCode, MqttProperties.Decode(answer.Properties)).ShouldBeTrue();
                break;
            case PacketType.Connect: PacketWriter.TryWrite(output, packet.Connect).ShouldBeTrue(); break;
            case PacketType.Connack: PacketWriter.TryWrite(output, version, packet.Connack).ShouldBeTrue(); break;
            case PacketType.Subscribe: PacketWriter.TryWrite(output, version, packet.Subscribe).ShouldBeTrue(); break;
            case PacketType.Suback: PacketWriter.TryWrite(output, version, packet.Suback).ShouldBeTrue(); break;
            case PacketType.Unsubscribe: PacketWriter.TryWrite(output, version, packet.Unsubscribe).ShouldBeTrue(); break;
            case PacketType.Unsuback: PacketWriter.TryWrite(output, version, packet.Unsuback).ShouldBeTrue(); break;
            case PacketType.Disconnect: PacketWriter.TryWrite(output, version, packet.Disconnect).ShouldBeTrue(); break;
            case PacketType.Auth: PacketWriter.TryWrite(output, packet.Auth).ShouldBeTrue(); break;
            case PacketType.Pingreq: PacketWriter.WritePingreq(output); break;
            case PacketType.Pingresp: PacketWriter.WritePingresp(output); break;
            default: throw new ArgumentOutOfRangeException(nameof(packet), packet.Type, "no writer");
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Rewrite(in PublishView publish, MqttVersion version, ArrayBufferWriter<byte> output)
    {
        var forwardable = new byte[publish.ForwardablePropertiesLength];
        publish.CopyForwardableProperties(forwardable);
        var identifiers = new List<uint>();
        var properties = new PropertyReader(publish.Properties);
        while (properties.MoveNext())
            if (properties.Id == PropertyId.SubscriptionIdentifier) identifiers.Add(properties.Integer);

        // An alias belongs to its connection and is never passed on; a topic that only had the alias gets a name.
        var content = new PublishContent
        {
            Topic = publish.Topic.IsEmpty ? "aliased"u8 : publish.Topic,
            Payload = publish.Payload,
            ForwardableProperties = forwardable,
            MessageExpiryInterval = publish.MessageExpiryInterval,
        };
        PublishWriter.Write(output, version, publish.QualityOfService, content, new PublishDelivery
        {
            PacketIdentifier = publish.PacketIdentifier,
            Duplicate = publish.Duplicate,
            Retain = publish.Retain,
            SubscriptionIdentifiers = identifiers.ToArray(),
        });
    }
}
