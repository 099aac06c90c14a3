using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Fuzz.Seeds;

/// <summary>Legal packets of every type, version and direction, and every property there is.</summary>
internal static class Corpus
{
    /// <summary>The client identifiers of its CONNECTs: few, so that clients take sessions over from each other.</summary>
    private static readonly string[] Clients = ["a", "b", "c", "d", "e", "fünf", new('x', 30)];

    private static readonly string[] Topics = ["t", "a/b", "a//b", "/", "sport/tennis", "\uFEFF/x", "$x/y", "Grün/🌡", new('t', 200), string.Concat(Enumerable.Repeat("l/", 60))];

    private static readonly string[] Filters =
        ["t", "#", "+", "a/+", "a/#", "+/+", "$share/g/a/#", "$share/h/t", "$x/#", "Grün/+", string.Concat(Enumerable.Repeat("+/", 60)) + "#"];

    private static readonly MqttVersion[] Versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];

    /// <summary>Each property with values that are legal somewhere, and values that are legal nowhere.</summary>
    public static readonly byte[][] Properties =
    [
        [0x01, 0], [0x01, 1], [0x01, 2],
        [0x02, .. Field.Wide(0)], [0x02, .. Field.Wide(10)], [0x02, .. Field.Wide(uint.MaxValue)],
        [0x03, .. Field.Text("text/plain")], [0x03, .. Field.Text("")],
        [0x08, .. Field.Text("answers/here")], [0x08, .. Field.Text("not/#")],
        [0x09, .. Field.Data([1, 2, 3, 0xFF])],
        [0x0B, 1], [0x0B, .. Field.Variable(268_435_455)], [0x0B, 0],
        [0x11, .. Field.Wide(0)], [0x11, .. Field.Wide(5)], [0x11, .. Field.Wide(uint.MaxValue)],
        [0x12, .. Field.Text("assigned")],
        [0x13, .. Field.Word(60)],
        [0x15, .. Field.Text("SCRAM")],
        [0x16, .. Field.Data([9, 8, 7])],
        [0x17, 0], [0x17, 1], [0x17, 2],
        [0x18, .. Field.Wide(3)],
        [0x19, 1], [0x19, 7],
        [0x1A, .. Field.Text("base/")],
        [0x1C, .. Field.Text("other.example")],
        [0x1F, .. Field.Text("because")],
        [0x21, .. Field.Word(0)], [0x21, .. Field.Word(1)], [0x21, .. Field.Word(20)],
        [0x22, .. Field.Word(0)], [0x22, .. Field.Word(10)],
        [0x23, .. Field.Word(0)], [0x23, .. Field.Word(1)], [0x23, .. Field.Word(8)], [0x23, .. Field.Word(65_535)],
        [0x24, 0], [0x24, 2],
        [0x25, 1], [0x28, 1], [0x29, 0], [0x2A, 1],
        [0x26, .. Field.Text("name"), .. Field.Text("value")], [0x26, .. Field.Text(""), .. Field.Text("")], [0x26, .. Field.Text("long"), .. Field.Text(new string('v', 300))],
        [0x27, .. Field.Wide(0)], [0x27, .. Field.Wide(64)], [0x27, .. Field.Wide(100_000)],
        [0x7F, 0], [0x00],
    ];

    /// <summary>All packets.</summary>
    public static readonly Seed[] All = [.. Versions.SelectMany(version => ToServer(version).Concat(ToClient(version)).Concat(BothWays(version)))];

    private static IEnumerable<Seed> ToServer(MqttVersion version)
    {
        foreach (var client in Clients)
        {
            yield return Connect(version, client, flags: 0x02, [], []);
            yield return Connect(version, client, flags: 0x00, [], [], [0x11, .. Field.Wide(30)], [0x21, .. Field.Word(3)]);
        }

        yield return Connect(version, version == MqttVersion.V31 ? "a" : "", flags: 0x02, [], []);
        yield return Connect(version, "will", flags: 0x2E, Will(version, "t", [0x18, .. Field.Wide(2)], [0x01, 1], [0x26, .. Field.Text("n"), .. Field.Text("v")]), []);
        yield return Connect(version, "user", flags: 0xC2, [], Field.Join(Field.Text("user"), Field.Data([1, 2, 3])), [0x27, .. Field.Wide(200)], [0x22, .. Field.Word(5)], [0x17, 0]);
        yield return Connect(version, "all", flags: 0xF6, Will(version, "a/b"), Field.Join(Field.Text("user"), Field.Text("password")), [0x26, .. Field.Text("n"), .. Field.Text("v")]);

        foreach (var filter in Filters)
        {
            for (byte qos = 0; qos < 3; qos++) yield return Make(PacketDirection.ToServer, version, 0x82, Field.Word(1 + qos), [.. Field.Text(filter), qos], [0x0B, 7]);
            yield return Make(PacketDirection.ToServer, version, 0xA2, Field.Word(9), Field.Text(filter), [0x26, .. Field.Text("n"), .. Field.Text("v")]);
        }

        yield return Make(PacketDirection.ToServer, version, 0x82, Field.Word(700), Field.Join([.. Filters.Select(filter => (byte[])[.. Field.Text(filter), 1])]));
        yield return Make(PacketDirection.ToServer, version, 0xA2, Field.Word(701), Field.Join([.. Filters.Select(Field.Text)]));
        if (version == MqttVersion.V5) yield return Make(PacketDirection.ToServer, version, 0x82, Field.Word(5), [.. Field.Text("a/#"), 0x2E]);

        yield return Plain(PacketDirection.ToServer, version, 0xC0);
        yield return Plain(PacketDirection.ToServer, version, 0xE0);
        if (version != MqttVersion.V5) yield break;

        yield return Make(PacketDirection.ToServer, version, 0xE0, [0x04], [], [0x11, .. Field.Wide(3)], [0x1F, .. Field.Text("bye")]);
        yield return Make(PacketDirection.ToServer, version, 0xF0, [0x18], [], [0x15, .. Field.Text("SCRAM")], [0x16, .. Field.Data([1, 2])]);
    }

    private static IEnumerable<Seed> ToClient(MqttVersion version)
    {
        yield return Make(
            PacketDirection.ToClient, version, 0x20, [0, 0], [], [0x12, .. Field.Text("auto")], [0x13, .. Field.Word(30)], [0x21, .. Field.Word(10)], [0x27, .. Field.Wide(4000)], [0x2A, 1]);
        yield return Make(PacketDirection.ToClient, version, 0x90, Field.Word(1), [0, 1, 2], [0x1F, .. Field.Text("because")]);
        yield return version == MqttVersion.V5
            ? Make(PacketDirection.ToClient, version, 0xB0, Field.Word(9), [0, 0x11], [0x26, .. Field.Text("n"), .. Field.Text("v")])
            : Plain(PacketDirection.ToClient, version, 0xB0, Field.Word(9));
        yield return Plain(PacketDirection.ToClient, version, 0xD0);
        if (version != MqttVersion.V5) yield break;

        yield return Make(PacketDirection.ToClient, version, 0x20, [0, 0x87], [], [0x1F, .. Field.Text("no")], [0x1C, .. Field.Text("elsewhere")]);
        yield return Make(PacketDirection.ToClient, version, 0xE0, [0x8E], [], [0x1F, .. Field.Text("taken over")]);
        yield return Make(PacketDirection.ToClient, version, 0xF0, [0x18], [], [0x15, .. Field.Text("SCRAM")], [0x16, .. Field.Data([1, 2])]);
    }

    private static IEnumerable<Seed> BothWays(MqttVersion version) => new[] { PacketDirection.ToServer, PacketDirection.ToClient }.SelectMany(direction => BothWays(direction, version));

    private static IEnumerable<Seed> BothWays(PacketDirection direction, MqttVersion version)
    {
        foreach (var topic in Topics)
        {
            for (var flags = 0; flags < 16; flags++)
            {
                var qos = (flags >> 1) & 3;
                if (qos == 3 || (qos == 0 && flags >= 8)) continue;

                var payload = new byte[flags * 7];
                payload.AsSpan().Fill((byte)'p');
                yield return Make(
                    direction, version, (byte)(0x30 | flags), qos == 0 ? Field.Text(topic) : [.. Field.Text(topic), .. Field.Word(1 + flags)], payload,
                    [0x02, .. Field.Wide(5)], [0x01, 1], [0x26, .. Field.Text("n"), .. Field.Text("v")], [0x08, .. Field.Text("re")], [0x09, .. Field.Data([1])]);
            }
        }

        if (version == MqttVersion.V5)
        {
            yield return Make(direction, version, 0x30, Field.Text("aliased"), [1], [0x23, .. Field.Word(1)]);
            yield return Make(direction, version, 0x30, Field.Text(""), [2], [0x23, .. Field.Word(1)]);
        }

        foreach (var header in (byte[])[0x40, 0x50, 0x62, 0x70])
        {
            for (var identifier = 1; identifier < 16; identifier += 3) yield return Plain(direction, version, header, Field.Word(identifier));
            if (version == MqttVersion.V5)
                yield return Make(direction, version, header, [.. Field.Word(3), 0], [], [0x1F, .. Field.Text("because")], [0x26, .. Field.Text("n"), .. Field.Text("v")]);
        }
    }

    private static Seed Connect(MqttVersion version, string clientId, byte flags, byte[] will, byte[] credentials, params byte[][] properties) => Make(
        PacketDirection.ToServer,
        version,
        0x10,
        Field.Join(Field.Text(version == MqttVersion.V31 ? "MQIsdp" : "MQTT"), [(byte)version, flags], Field.Word(30)),
        Field.Join(Field.Text(clientId), will, credentials),
        properties);

    private static byte[] Will(MqttVersion version, string topic, params byte[][] properties)
    {
        var list = Field.Join(properties);
        return Field.Join(version == MqttVersion.V5 ? Field.Join(Field.Variable(list.Length), list) : [], Field.Text(topic), Field.Text("gone"));
    }

    private static Seed Make(PacketDirection direction, MqttVersion version, byte header, byte[] before, byte[] after, params byte[][] properties) =>
        new(direction, version, header, before, version == MqttVersion.V5 ? properties : null, after);

    private static Seed Plain(PacketDirection direction, MqttVersion version, byte header, params byte[] body) => new(direction, version, header, body, null, []);
}
