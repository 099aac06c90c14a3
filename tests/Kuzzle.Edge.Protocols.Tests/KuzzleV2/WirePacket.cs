using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>One packet as it came over the wire.</summary>
internal sealed record WirePacket(int Type, int Flags, byte[] Body)
{
    public const int Connack = 2;
    public const int Publish = 3;
    public const int Puback = 4;
    public const int Pubrec = 5;
    public const int Pubcomp = 7;
    public const int Suback = 9;

    public int Qos => (Flags >> 1) & 3;

    public bool Retain => (Flags & 1) != 0;

    public string Topic => Encoding.UTF8.GetString(Body, 2, TopicLength);

    /// <summary>The payload of a QoS 0 PUBLISH of MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Payload => Body.AsSpan(2 + TopicLength);

    public JsonObject Json => JsonNode.Parse(Payload)!.AsObject();

    /// <summary>The properties of a QoS 0 PUBLISH of MQTT 5, which are short here, and its payload.</summary>
    public (byte[] Properties, JsonObject Json) Version5 => (Payload[1..(1 + Payload[0])].ToArray(), JsonNode.Parse(Payload[(1 + Payload[0])..])!.AsObject());

    /// <summary>Takes one packet from the beginning of what came; false when it is not all there.</summary>
    public static bool TryParse(ReadOnlySequence<byte> buffer, out WirePacket? packet, out SequencePosition end)
    {
        (packet, end) = (null, buffer.Start);
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var first)) return false;

        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (!reader.TryRead(out var next)) return false;
            length |= (next & 0x7F) << shift;
            if (next < 0x80) break;
        }

        if (!reader.TryReadExact(length, out var body)) return false;
        (packet, end) = (new WirePacket(first >> 4, first & 15, body.ToArray()), reader.Position);
        return true;
    }

    private int TopicLength => BinaryPrimitives.ReadUInt16BigEndian(Body);
}
