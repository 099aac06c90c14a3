using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 2 of docs/conformance.md, where no other test says it: CONNECT and CONNACK.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task The_first_thing_a_resuming_client_hears_is_its_CONNACK()
    {
        await using var broker = new BrokerUnderTest();
        var (client, _) = await broker.ResumeAsync("a");
        await client.SubscribeAsync("t", 1);
        await client.BreakAsync();
        for (var i = 0; i < 3; i++) broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });

        var again = await broker.OpenAsync(Packet.Connect("a", clean: false));

        await again.ExpectAsync(0x20, 2, 1, 0); // [MQTT-3.2.0-1]
        for (var i = 0; i < 3; i++) (await again.ReceivePublishAsync()).Payload.ShouldBe("x");
    }

    [Theory]
    [InlineData(0, "20 02 00 01")]
    [InlineData(3, "20 02 00 01")]
    [InlineData(6, "20 2A 00 84 27 1F 00 24")] // The reason in words follows.
    [InlineData(255, "20 02 00 01", "a bridge's level of 3.1.1, with its highest bit")]
    public async Task An_unsupported_level_is_told_and_closed(int level, string connack, string why = "[MQTT-3.1.2-2] [MQTT5-3.1.2-2]")
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Packet.Frame(0x10, Packet.Text("MQTT"), [(byte)level, 2, 0, 60], Packet.Text("a")));

        BitConverter.ToString(await client.ReceiveToEndAsync()).Replace('-', ' ').ShouldStartWith(connack, Case.Sensitive, why);
    }

    [Theory]
    [InlineData(0x03, "", "[MQTT-3.1.2-3]: the reserved flag")]
    [InlineData(0x0A, "", "[MQTT-3.1.2-13]: will QoS without will")]
    [InlineData(0x22, "", "[MQTT-3.1.2-15]: will retain without will")]
    [InlineData(0x1E, "0001 77 0001 70", "[MQTT-3.1.2-14]: will QoS 3")]
    [InlineData(0x06, "", "[MQTT-3.1.2-9]: no will behind its flag")]
    [InlineData(0x06, "0000 0001 70", "an empty will topic")]
    [InlineData(0x06, "0003 612F23 0001 70", "a wildcard in the will topic")]
    [InlineData(0x06, "0001 2B 0001 70", "a wildcard in the will topic")]
    [InlineData(0x82, "", "[MQTT-3.1.2-19]: no user name behind its flag")]
    [InlineData(0x42, "0001 70", "[MQTT-3.1.2-22]: a password without user name")]
    [InlineData(0xC2, "0001 75", "[MQTT-3.1.2-21]: no password behind its flag")]
    [InlineData(0x02, "00", "[MQTT-3.1.4-1]: a byte behind the last field")]
    [InlineData(0x02, "0001 75", "[MQTT-3.1.2-18]: a user name without its flag")]
    public async Task Flags_and_payload_of_CONNECT_must_agree(int flags, string rest, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var tail = Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal));

        var client = await broker.OpenAsync(Packet.Frame(0x10, Packet.Text("MQTT"), [4, (byte)flags, 0, 60], Packet.Text("a"), tail));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(clause);
        broker.Broker.Core.Sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Version_5_has_passwords_without_a_user_name()
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Packet.Connect("a", 5, password: "p"), 5);

        (await client.ReceiveAsync())[3].ShouldBe((byte)0);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0123456789abcdefghijABC")]
    [InlineData("with blanks")]
    [InlineData("[brackets]/{and}/#+$")]
    [InlineData("Größe 🌡")]
    public async Task A_client_identifier_is_any_text(string clientId)
    {
        await using var broker = new BrokerUnderTest();
        _ = await broker.ConnectAsync(clientId);

        broker.Broker.Core.Sessions.Find(clientId).ShouldNotBeNull("[MQTT-3.1.3-5]");
    }

    [Fact]
    public async Task A_client_identifier_is_never_cut()
    {
        await using var broker = new BrokerUnderTest();
        var longest = new string('x', 65_535);
        _ = await broker.ConnectAsync(longest);
        var other = await broker.ConnectAsync(longest[..^1] + "y");

        await other.ExpectNothingAsync();

        broker.Broker.Core.Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Identifiers_that_the_broker_assigns_are_unique()
    {
        await using var broker = new BrokerUnderTest();
        for (var i = 0; i < 100; i++) _ = await broker.ConnectAsync("", 5);

        broker.Broker.Core.Sessions.Count.ShouldBe(100, "[MQTT5-3.2.2-16]");
    }

    [Fact]
    public async Task An_older_client_cannot_be_told_of_a_keep_alive_and_keeps_its_own()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxKeepAliveSeconds = 10 });
        var without = await broker.ConnectAsync("without", keepAlive: 0);
        var longer = await broker.ConnectAsync("longer", keepAlive: 100);

        broker.Clock.Advance(TimeSpan.FromSeconds(140));

        await without.ExpectNothingAsync();
        await longer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(0x24, "Maximum QoS")]
    [InlineData(0x25, "Retain Available")]
    [InlineData(0x28, "Wildcard Subscription Available")]
    [InlineData(0x29, "Subscription Identifier Available")]
    [InlineData(0x2A, "Shared Subscription Available")]
    public async Task Nothing_is_missing_and_nothing_is_announced_as_missing(int property, string name)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.OpenAsync(Packet.Connect("a", 5), 5);

        var properties = PropertyIds((await client.ReceiveAsync()).AsSpan(5));

        properties.ShouldNotContain((byte)property, $"{name}: absent means all of it");
    }

    [Fact]
    public async Task Without_problem_information_acknowledgements_carry_no_explanations()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x17, [0])]);

        await client.SendAsync(Packet.Subscribe5(1, [], ("a#", 0)), Packet.Unsubscribe5(2, "none"), Packet.Publish5("$SYS/x", "", 1, id: 3), Packet.Publish5("$SYS/x", "", 2, id: 4));

        await client.ExpectAsync(0x90, 4, 0, 1, 0, 0x8F); // [MQTT5-3.1.2-29]
        await client.ExpectAsync(0xB0, 4, 0, 2, 0, 0x11);
        await client.ExpectAsync(0x40, 3, 0, 3, 0x87);
        await client.ExpectAsync(0x50, 3, 0, 4, 0x87);
    }

    private static List<byte> PropertyIds(ReadOnlySpan<byte> properties)
    {
        var ids = new List<byte>();
        while (!properties.IsEmpty)
        {
            ids.Add(properties[0]);
            properties = properties[(1 + properties[0] switch
            {
                0x11 or 0x27 => 4,
                0x13 or 0x21 or 0x22 => 2,
                0x12 or 0x1A or 0x1C or 0x1F => 2 + ((properties[1] << 8) | properties[2]),
                _ => 1,
            })..];
        }

        return ids;
    }
}
