using System.Text;

namespace Kuzzle.Edge.Broker.Tests.Wire;

/// <summary>A packet of an MQTT 5 broker without its Reason String, and that string apart: most tests are about the rest.</summary>
internal sealed record Explained(byte[] Packet, string? Reason)
{
    private const byte ReasonString = 0x1F;

    public static Explained Of(byte[] packet)
    {
        var type = packet[0] >> 4;
        var body = 1;
        while (packet[body++] >= 0x80)
        {
        }

        // Where the properties begin, if the packet has any.
        var at = body + type switch { 2 or 9 or 11 => 2, >= 4 and <= 7 => 3, 14 or 15 => 1, _ => packet.Length };
        if (at >= packet.Length) return new Explained(packet, null);

        var (length, start) = Variable(packet, at);
        var others = new List<byte>();
        string? reason = null;
        for (var next = start; next < start + length;)
        {
            var end = EndOf(packet, next);
            if (packet[next] == ReasonString) reason = Encoding.UTF8.GetString(packet[(next + 3)..end]);
            else others.AddRange(packet[next..end]);
            next = end;
        }

        if (reason is null) return new Explained(packet, null);

        var mayBeLeftOut = type is not (2 or 9 or 11);
        byte[] properties = others.Count == 0 && mayBeLeftOut ? [] : [.. Wire.Packet.Variable(others.Count), .. others];
        return new Explained(Wire.Packet.Frame(packet[0], packet[body..at], properties, packet[(start + length)..]), reason);
    }

    /// <summary>The same for several packets, one behind the other.</summary>
    public static (byte[] Packets, string? LastReason) OfAll(byte[] packets)
    {
        var all = new List<byte>();
        string? last = null;
        for (var at = 0; at < packets.Length;)
        {
            if (packets.Length - at < 2) return (packets, null);

            var (length, start) = Variable(packets, at + 1);
            if (start + length > packets.Length) return (packets, null);

            var one = Of(packets[at..(start + length)]);
            all.AddRange(one.Packet);
            last = one.Reason;
            at = start + length;
        }

        return ([.. all], last);
    }

    private static (int Value, int Next) Variable(byte[] packet, int at)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (packet[at] & 0x7F) << shift;
            if (packet[at++] < 0x80) return (value, at);
        }
    }

    /// <summary>Where the property that begins here ends.</summary>
    public static int EndOf(byte[] packet, int at) => at + 1 + packet[at] switch
    {
        0x01 or 0x17 or 0x19 or 0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 1,
        0x0B => Variable(packet, at + 1).Next - at - 1,
        0x13 or 0x21 or 0x22 or 0x23 => 2,
        0x02 or 0x11 or 0x18 or 0x27 => 4,
        0x26 => Field(packet, at + 1) + Field(packet, at + 1 + Field(packet, at + 1)),
        _ => Field(packet, at + 1),
    };

    private static int Field(byte[] packet, int at) => 2 + ((packet[at] << 8) | packet[at + 1]);
}
