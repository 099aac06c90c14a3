using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 1 of docs/conformance.md: every property in every packet that a client sends, once and twice. The table is that of 5.0 2.2.2.2.</summary>
public sealed class PropertyTests
{
    private const string Connect = "CONNECT", Will = "Will", Publish = "PUBLISH", Acks = "acknowledgements", Subscribe = "SUBSCRIBE", Unsubscribe = "UNSUBSCRIBE",
        Disconnect = "DISCONNECT";

    private static readonly string[] Places = [Connect, Will, Publish, Acks, Subscribe, Unsubscribe, Disconnect];

    private static readonly (byte Id, byte[] Value, string[] Places)[] Properties =
    [
        (0x01, [1], [Publish, Will]),
        (0x02, Packet.Wide(60), [Publish, Will]),
        (0x03, Packet.Text("text"), [Publish, Will]),
        (0x08, Packet.Text("answers"), [Publish, Will]),
        (0x09, Packet.Field([1, 2]), [Publish, Will]),
        (0x0B, [5], [Subscribe]), // In PUBLISH only towards a client. [MQTT5-3.3.4-6]
        (0x11, Packet.Wide(60), [Connect, Disconnect]),
        (0x12, Packet.Text("id"), []),
        (0x13, Packet.Word(60), []),
        (0x15, Packet.Text("method"), [Connect]),
        (0x16, Packet.Field([1]), []), // In CONNECT not without a method.
        (0x17, [1], [Connect]),
        (0x18, Packet.Wide(1), [Will]),
        (0x19, [1], [Connect]),
        (0x1A, Packet.Text("info"), []),
        (0x1C, Packet.Text("server"), [Disconnect]), // Meant towards a client, and not forbidden here.
        (0x1F, Packet.Text("why"), [Acks, Disconnect]),
        (0x21, Packet.Word(10), [Connect]),
        (0x22, Packet.Word(10), [Connect]),
        (0x23, Packet.Word(1), [Publish]),
        (0x24, [1], []),
        (0x25, [1], []),
        (0x26, [.. Packet.Text("name"), .. Packet.Text("value")], Places),
        (0x27, Packet.Wide(1000), [Connect]),
        (0x28, [1], []),
        (0x29, [1], []),
        (0x2A, [1], []),
        (0x00, [1], []),
        (0x04, [1], []),
        (0x2B, [1], []),
        (0x7F, [1], []),
    ];

    public static TheoryData<string, byte> InEveryPlace
    {
        get
        {
            var rows = new TheoryData<string, byte>();
            foreach (var place in Places)
            {
                foreach (var property in Properties) rows.Add(place, property.Id);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(InEveryPlace))]
    public async Task A_property_is_taken_where_it_belongs_and_once_unless_it_is_a_user_property(string place, byte id)
    {
        var (_, value, places) = Properties.Single(property => property.Id == id);
        var once = Packet.Property(id, value);

        (await IsAcceptedAsync(place, [once])).ShouldBe(places.Contains(place, StringComparer.Ordinal), $"0x{id:X2} in {place}");
        (await IsAcceptedAsync(place, [once, once])).ShouldBe(id == 0x26, $"0x{id:X2} twice in {place}");
        (await IsAcceptedAsync(place, [once[..^1]])).ShouldBeFalse($"0x{id:X2} cut in {place}");
    }

    /// <summary>Whether the connection lives on, or (DISCONNECT) ends without a complaint, or (an unknown method) with one about its value.</summary>
    private static async Task<bool> IsAcceptedAsync(string place, byte[][] properties)
    {
        await using var broker = new BrokerUnderTest();
        if (place is Connect or Will)
        {
            var will = new Packet.Will("w", "gone") { Properties = place == Will ? properties : [] };
            var connecting = await broker.OpenAsync(Packet.Connect("a", 5, will: will, properties: place == Connect ? properties : []), 5);
            var connack = await connecting.ReceiveAsync();
            connack[0].ShouldBe((byte)0x20);
            return connack[3] is 0 or 0x8C; // The method is not known; its property was read.
        }

        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x11, Packet.Wide(60))]);
        await client.SendAsync(Make(place, properties), Packet.Pingreq);
        var said = await client.ReceiveAnyAsync();
        while (said is [>= 0x40 and < 0xC0, ..]) said = await client.ReceiveAnyAsync(); // The acknowledgement, if there is one.
        if (said is []) return place == Disconnect;

        if (said[0] == 0xD0) return true;

        said[0].ShouldBe((byte)0xE0);
        said[2].ShouldBeOneOf((byte)0x81, (byte)0x82);
        return false;
    }

    private static byte[] Make(string place, byte[][] properties) => place switch
    {
        Publish => Packet.Publish5("t", "x", properties: properties),
        Acks => [.. new byte[] { 0x40, 0x50, 0x62, 0x70 }.SelectMany(header => Packet.Frame(header, Packet.Word(1), [0], Packet.Properties(properties)))],
        Subscribe => Packet.Subscribe5(1, properties, ("t", 0)),
        Unsubscribe => Packet.Frame(0xA2, Packet.Word(1), Packet.Properties(properties), Packet.Text("t")),
        _ => Packet.Frame(0xE0, [0], Packet.Properties(properties)),
    };
}
