using System.Text;

namespace Kuzzle.Edge.Broker.Tests.Wire;

/// <summary>A PUBLISH that a test client received, taken apart.</summary>
internal sealed record Received(string Topic, string Payload, int Qos, int Id, bool Retain, bool Dup, byte[] Properties)
{
    /// <summary>The topic alias, or 0.</summary>
    public int Alias => Find(0x23) is { } at ? Word(Properties, at + 1) : 0;

    public bool Has(byte property) => Find(property) is not null;

    /// <summary>The topic that this message means to a client that knows these aliases; what it brings is added to them.</summary>
    public string ResolvedBy(Dictionary<int, string> known)
    {
        if (Topic.Length != 0 && Alias != 0) known[Alias] = Topic;
        return Topic.Length != 0 ? Topic : known[Alias];
    }

    private int? Find(byte property)
    {
        for (var at = 0; at < Properties.Length; at = Explained.EndOf(Properties, at))
        {
            if (Properties[at] == property) return at;
        }

        return null;
    }

    public static Received Parse(byte[] packet, int version)
    {
        (packet[0] & 0xF0).ShouldBe(0x30, $"a PUBLISH was expected, this came: {Convert.ToHexString(packet)}");
        var at = 1;
        while (packet[at++] >= 0x80)
        {
        }

        var qos = (packet[0] >> 1) & 3;
        var topicLength = Word(packet, at);
        var topic = Encoding.UTF8.GetString(packet, at + 2, topicLength);
        at += 2 + topicLength;
        var id = qos > 0 ? Word(packet, at) : 0;
        if (qos > 0) at += 2;
        byte[] properties = [];
        if (version == 5)
        {
            var length = 0;
            for (var shift = 0; ; shift += 7)
            {
                length |= (packet[at] & 0x7F) << shift;
                if (packet[at++] < 0x80) break;
            }

            properties = packet[at..(at + length)];
            at += length;
        }

        return new Received(topic, Encoding.UTF8.GetString(packet, at, packet.Length - at), qos, id, (packet[0] & 1) != 0, (packet[0] & 8) != 0, properties);
    }

    private static int Word(byte[] packet, int at) => (packet[at] << 8) | packet[at + 1];
}
