using System.Text;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 1 of docs/conformance.md, where no other test says it: framing and decoding, seen on the wire.</summary>
public sealed class FramingTests
{
    /// <summary>The packet types that a client sends, each with the bits that its first byte must have.</summary>
    public static TheoryData<int, string> ReservedBits => new()
    {
        { 4, "41020001" }, { 4, "51020001" }, { 4, "60020001" }, { 4, "64020001" }, { 4, "72020001" }, { 4, "8006000100016100" }, { 4, "8A06000100016100" },
        { 4, "A00500010001 61" }, { 4, "C100" }, { 4, "C800" }, { 4, "E100" },
        { 5, "41020001" }, { 5, "51020001" }, { 5, "60020001" }, { 5, "72020001" }, { 5, "800700010000016100" }, { 5, "A0060001000001 61" }, { 5, "C100" }, { 5, "C800" },
        { 5, "E100" }, { 5, "F100" },
    };

    /// <summary>Bytes that are no UTF-8, or that no string may have. [MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT5-1.5.4-1] [MQTT5-1.5.4-2]</summary>
    public static TheoryData<string> BadText => new("C080", "EDA080", "EDBFBF", "F4908080", "F8888080", "C3", "E282", "F09F8C", "80", "FF", "610062", "00");

    [Theory]
    [MemberData(nameof(ReservedBits))]
    public async Task A_reserved_bit_of_the_fixed_header_ends_the_connection(int version, string hex)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", version);

        await client.SendAsync(Hex(hex));

        (await client.ReceiveToEndAsync()).ShouldBe(version == 5 ? [0xE0, 1, 0x81] : [], "[MQTT-2.2.2-2] [MQTT5-2.1.3-1]");
    }

    [Theory]
    [MemberData(nameof(BadText))]
    public async Task A_string_that_is_no_text_ends_the_connection_wherever_it_stands(string hex)
    {
        await using var broker = new BrokerUnderTest();
        var healthy = await broker.ConnectAsync("healthy", 5);
        await healthy.SubscribeAsync("#");
        var text = Packet.Field(Convert.FromHexString(hex));
        byte[] head = [.. Packet.Text("MQTT"), 4];

        foreach (var connect in (byte[][])[
            Packet.Frame(0x10, head, [0x02, 0, 60], text),
            Packet.Frame(0x10, head, [0x82, 0, 60], Packet.Text("a"), text),
            Packet.Frame(0x10, head, [0x06, 0, 60], Packet.Text("a"), text, Packet.Text("gone")),
        ])
        {
            (await (await broker.OpenAsync(connect)).ReceiveToEndAsync()).ShouldBeEmpty("[MQTT-3.1.3-4] [MQTT-3.1.3-11] [MQTT-3.1.3-10]");
        }

        foreach (var packet in (byte[][])[
            Packet.Frame(0x30, text, [0], [1]),
            Packet.Frame(0x82, Packet.Word(1), [0], text, [0]),
            Packet.Frame(0xA2, Packet.Word(1), [0], text),
            Packet.Publish5("t", "", properties: [Packet.Property(0x03, text)]),
            Packet.Publish5("t", "", properties: [Packet.Property(0x08, text)]),
            Packet.Publish5("t", "", properties: [Packet.Property(0x26, [.. text, .. Packet.Text("v")])]),
            Packet.Publish5("t", "", properties: [Packet.Property(0x26, [.. Packet.Text("n"), .. text])]),
            Packet.Frame(0x40, Packet.Word(1), [0], Packet.Properties(Packet.Property(0x1F, text))),
            Packet.Frame(0xE0, [0], Packet.Properties(Packet.Property(0x1F, text))),
        ])
        {
            var client = await broker.ConnectAsync("a", 5);
            await client.SendAsync(packet);
            var said = await client.ReceiveToEndAsync();
            said.Length.ShouldBe(3, Convert.ToHexString(packet));
            said[2].ShouldBeGreaterThanOrEqualTo((byte)0x80);
        }

        await healthy.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("\uFEFFtopic", "[MQTT-1.5.3-3] [MQTT5-1.5.4-3]: it is no byte order mark here")]
    [InlineData("t\uFFFF\uFDD0", "non-characters, too")]
    [InlineData("🌡/Größe/𪛔", "three and four bytes")]
    public async Task What_is_text_comes_back_as_it_was(string topic, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync(topic);
        await client.SubscribeAsync(topic);

        await client.SendAsync(Packet.Publish(topic, "x"));

        Encoding.UTF8.GetBytes((await client.ReceivePublishAsync()).Topic).ShouldBe(Encoding.UTF8.GetBytes(topic), clause);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("1F")]
    [InlineData("7F")]
    [InlineData("C280")]
    [InlineData("C29F")]
    public async Task A_control_character_in_a_name_is_refused_as_the_standard_allows(string hex)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Packet.Frame(0x30, Packet.Field([(byte)'t', .. Convert.FromHexString(hex)]), [1]));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty("3.1.1 1.5.3: they have no business in a log line");
    }

    [Theory]
    [InlineData("3206 000174 0000 78")]
    [InlineData("3406 000174 0000 78")]
    [InlineData("4002 0000")]
    [InlineData("5002 0000")]
    [InlineData("6202 0000")]
    [InlineData("7002 0000")]
    [InlineData("8206 0000 000174 00")]
    [InlineData("A205 0000 000174")]
    public async Task Packet_identifier_0_ends_the_connection(string hex)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Hex(hex));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty("[MQTT-2.3.1-1]");
    }

    [Theory]
    [InlineData("3207 000174 0000 00 78")]
    [InlineData("4002 0000")]
    [InlineData("5002 0000")]
    [InlineData("6202 0000")]
    [InlineData("7002 0000")]
    [InlineData("8207 0000 00 000174 00")]
    [InlineData("A206 0000 00 000174")]
    public async Task Packet_identifier_0_is_a_protocol_error_of_5_0(string hex)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Hex(hex));

        await client.ExpectClosedAsync(0xE0, 1, 0x82); // [MQTT5-2.2.1-3]
    }

    [Theory]
    [InlineData(0x01, "02", 0x82, "Payload Format 2")]
    [InlineData(0x08, "0000", 0x82, "an empty response topic")]
    [InlineData(0x08, "0003612F23", 0x82, "[MQTT5-3.3.2-14]")]
    [InlineData(0x23, "0000", 0x94, "[MQTT5-3.3.2-8]")]
    [InlineData(0x23, "FFFF", 0x94, "[MQTT5-3.3.2-9]")]
    [InlineData(0x0B, "01", 0x82, "[MQTT5-3.3.4-6]")]
    public async Task A_property_of_a_message_keeps_to_its_range(int property, string value, byte reason, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Publish5("t", "x", properties: [Packet.Property((byte)property, Hex(value))]));

        (await client.ReceiveToEndAsync()).ShouldBe([0xE0, 1, reason], clause);
    }

    [Theory]
    [InlineData(0x17, "02", "Request Problem Information 2")]
    [InlineData(0x19, "02", "Request Response Information 2")]
    [InlineData(0x21, "0000", "Receive Maximum 0")]
    [InlineData(0x27, "00000000", "Maximum Packet Size 0")]
    [InlineData(0x16, "000164", "5.0 3.1.2.11.10: Authentication Data without a method")]
    public async Task A_property_of_CONNECT_keeps_to_its_range(int property, string value, string what)
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Packet.Connect("a", 5, properties: [Packet.Property((byte)property, Hex(value))]), 5);

        (await client.ReceiveToEndAsync()).ShouldBe([0x20, 3, 0, 0x82, 0], what);
    }

    [Theory]
    [InlineData("C08000", "the remaining length")]
    [InlineData("3005 000174 8000", "the property length")]
    [InlineData("820A 0001 03 0B8100 000174 00", "a subscription identifier")]
    public async Task A_variable_integer_has_its_shortest_form_in_5_0(string hex, string which)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Hex(hex));

        var said = await client.ReceiveToEndAsync();
        said.ShouldBe([0xE0, 1, 0x81], $"[MQTT5-1.5.5-1]: {which}");
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
