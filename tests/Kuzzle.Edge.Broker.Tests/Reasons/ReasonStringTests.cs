using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Reasons;

public sealed class ReasonStringTests
{
    private static readonly MqttBrokerOptions Tight = new()
    {
        MaxPacketBytes = 2000,
        MaxSubscriptionsPerSession = 1,
        MaxTopicLevels = 3,
        MaxRetainedMessages = 1,
        ReceiveMaximum = 2,
        TopicAliasMaximum = 4,
        MaxSessions = 1,
    };

    /// <summary>What ends a connection: the packet, the reason code, and the bound or the rule that the text must name.</summary>
    public static TheoryData<string, byte[], byte, string> Endings => new()
    {
        { "too large", [0x30, 0xFF, 0xFF, 0x7F], 0x95, "2000 bytes" },
        { "too many levels", Packet.Publish5("a/b/c/d", "x"), 0x90, "3 levels" },
        { "alias beyond the maximum", Packet.Publish5("a", "x", properties: Packet.Property(0x23, Packet.Word(5))), 0x94, "Maximum of this broker is 4" },
        { "alias 0", Packet.Publish5("a", "x", properties: Packet.Property(0x23, Packet.Word(0))), 0x94, "is 0" },
        { "alias never given", Packet.Publish5("", "x", properties: Packet.Property(0x23, Packet.Word(3))), 0x82, "alias 3" },
        { "too many unreleased", [.. Packet.Publish5("a", "x", 2, 1), .. Packet.Publish5("a", "x", 2, 2), .. Packet.Publish5("a", "x", 2, 3)], 0x93, "Maximum is 2" },
        { "QoS 3", [0x36, 4, 0, 1, 0x61, 0], 0x81, "QoS is 3" },
        { "an unknown property", Packet.Publish5("a", "x", properties: [0x7F]), 0x81, "property" },
        { "identifier 0", Packet.Publish5("a", "x", 1, 0), 0x82, "identifier is 0" },
        { "a second CONNECT", Packet.Connect("a", 5), 0x82, "" },
        { "a CONNACK", [0x20, 3, 0, 0, 0], 0x82, "this side" },
        { "no local and shared", Packet.Subscribe5(1, [], ("$share/g/t", 4)), 0x82, "No Local" },
        { "an expiry from nothing", Packet.Frame(0xE0, [0], Packet.Properties(Packet.Property(0x11, Packet.Wide(9)))), 0x82, "DISCONNECT" },
        { "AUTH without a method", Packet.Frame(0xF0, [0x19], Packet.Properties(Packet.Property(0x15, Packet.Text("x")))), 0x82, "method" },
        { "a topic that is forbidden", Packet.Publish5("disconnect", "x"), 0x87, "topic" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_connection_is_not_ended_without_saying_why(string what, byte[] sent, byte code, string says)
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        foreach (var wantsProblems in (byte[])[1, 0])
        {
            var client = await broker.ConnectAsync("a", 5, properties: Packet.Property(0x17, [wantsProblems]));

            await client.SendAsync(sent);

            (await client.ReceiveToEndAsync())[^3..].ShouldBe([0xE0, 1, code], what);
            client.Reason.ShouldNotBeNull("DISCONNECT may have a reason even when others may not").ShouldContain(says);
        }
    }

    [Fact]
    public async Task More_user_properties_than_the_bound_are_refused_with_the_bound()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Publish5("a", "x", properties: Enumerable.Repeat<byte[]>([0x26, 0, 0, 0, 0], 8193).ToArray()));

        await client.ExpectClosedAsync(0xE0, 1, 0x97);
        client.Reason.ShouldNotBeNull().ShouldContain("8192 user properties");
    }

    [Fact]
    public async Task The_broker_says_why_it_ends_a_connection()
    {
        await using var broker = new BrokerUnderTest();
        var silent = await broker.ConnectAsync("silent", 5, keepAlive: 2);
        broker.Clock.Advance(TimeSpan.FromSeconds(3.1));
        await silent.ExpectClosedAsync(0xE0, 1, 0x8D);
        silent.Reason.ShouldNotBeNull().ShouldContain("keep-alive");
        var older = await broker.ConnectAsync("twice", 5);
        _ = await broker.ConnectAsync("twice", 5);
        await older.ExpectClosedAsync(0xE0, 1, 0x8E);
        older.Reason.ShouldNotBeNull().ShouldContain("same client identifier");
        var last = await broker.ConnectAsync("last", 5);

        await broker.Broker.StopAsync(CancellationToken.None);

        await last.ExpectClosedAsync(0xE0, 1, 0x8B);
        last.Reason.ShouldBe("The broker stops.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_publisher_learns_why_a_message_was_refused(int qos)
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        var client = await broker.ConnectAsync("a", 5);
        var acknowledgement = (byte)(qos == 1 ? 0x40 : 0x50);

        await client.SendAsync(Packet.Publish5("refuse", "x", qos, 1));
        await client.ExpectAsync(acknowledgement, 3, 0, 1, 0x87);
        client.Reason.ShouldBe("This client may not publish to this topic.");

        await client.SendAsync(Packet.Publish5("kept", "x", retain: true), Packet.Publish5("more", "x", qos, 2, retain: true));
        await client.ExpectAsync(acknowledgement, 3, 0, 2, 0x97);
        client.Reason.ShouldNotBeNull().ShouldContain("1 messages");
        await client.ExpectNothingAsync();
        client.Reason.ShouldBeNull();
    }

    [Fact]
    public async Task A_subscriber_learns_which_filter_was_refused_and_why()
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        var client = await broker.ConnectAsync("a", 5);
        foreach (var (filters, codes, says) in ((string[], byte[], string)[])
        [
            (["t", "refuse"], [0, 0x87], "Filter 2: this client may not subscribe to it."),
            (["t", "u", "#/x"], [0, 0x97, 0x8F], "Filter 2: a session may have 1 subscriptions."),
            (["a/b/c/d"], [0x8F], "Filter 1: it is not well formed, or has more than 3 levels."),
        ])
        {
            await client.SendAsync(Packet.Subscribe5(1, [], [.. filters.Select(filter => (filter, 0))]));
            await client.ExpectAsync([0x90, (byte)(3 + codes.Length), 0, 1, 0, .. codes]);
            client.Reason.ShouldBe(says);
        }

        await client.SendAsync(Packet.Unsubscribe5(2, "t", "t", "#/x"));
        await client.ExpectAsync(0xB0, 6, 0, 2, 0, 0, 0x11, 0x8F);
        client.Reason.ShouldNotBeNull().ShouldStartWith("Filter 3: ");
        await client.SubscribeAsync("t");
        client.Reason.ShouldBeNull("what was granted needs no explanation");
    }

    [Fact]
    public async Task Who_does_not_want_to_know_is_told_the_code_alone()
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        var client = await broker.ConnectAsync("a", 5, properties: Packet.Property(0x17, [0]));

        await client.SendAsync(Packet.Publish5("refuse", "x", 1, 1), Packet.Publish5("refuse", "x", 2, 2), Packet.Subscribe5(3, [], ("refuse", 0)), Packet.Unsubscribe5(4, "#/x"));

        foreach (var expected in (string[])["4003000187", "5003000287", "9004000300" + "87", "B004000400" + "8F"])
        {
            Convert.ToHexString(await client.ReceiveRawAsync()).ShouldBe(expected, "[MQTT5-3.1.2-29]");
        }
    }

    [Fact]
    public async Task A_reason_that_would_make_the_packet_too_large_is_left_out()
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        var client = await broker.ConnectAsync("a", 5, properties: Packet.Property(0x27, Packet.Wide(40)));

        await client.SendAsync(
            Packet.Publish5("refuse", "x", 1, 1), Packet.Publish5("refuse", "x", 2, 2), Packet.Subscribe5(3, [], ("refuse", 0)), Packet.Unsubscribe5(4, "#/x"),
            Packet.Publish5("", "x", properties: Packet.Property(0x23, Packet.Word(3))));

        foreach (var expected in (string[])["4003000187", "5003000287", "900400030087", "B0040004008F", "E00182"])
        {
            Convert.ToHexString(await client.ReceiveRawAsync()).ShouldBe(expected, "[MQTT5-3.4.2-2] [MQTT5-3.9.2-1] [MQTT5-3.14.2-3]");
        }
    }

    [Theory]
    [InlineData("bad", 0x86, "password")]
    [InlineData("not", 0x87, "may not connect")]
    [InlineData("second", 0x97, "1 sessions")]
    public async Task Who_may_not_connect_learns_why(string clientId, byte code, string says)
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        _ = await broker.ConnectAsync("a", 5);

        var client = await broker.OpenAsync(Packet.Connect(clientId, 5), 5);

        await client.ExpectClosedAsync(0x20, 3, 0, code, 0);
        client.Reason.ShouldNotBeNull().ShouldContain(says);
        var small = await broker.OpenAsync(Packet.Connect(clientId, 5, properties: Packet.Property(0x27, Packet.Wide(5))), 5);
        Convert.ToHexString(await small.ReceiveRawAsync()).ShouldBe($"200300{code:X2}00", "[MQTT5-3.2.2-19]");
    }

    [Theory]
    [InlineData("100D00044D51545406000000000000", 0x84, "level")]
    [InlineData("100D00044D51545405010000000000", 0x81, "flag")]
    [InlineData("101400044D5154540502000005210000010001000161", 0x82, "")]
    public async Task A_connect_that_is_wrong_is_told_why(string hex, byte code, string says)
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Convert.FromHexString(hex), 5);

        (await client.ReceiveToEndAsync())[..4].ShouldBe([0x20, 3, 0, code]);
        client.Reason.ShouldNotBeNull().ShouldContain(says);
    }

    [Fact]
    public async Task Older_clients_get_no_word_more_than_their_version_has()
    {
        await using var broker = new BrokerUnderTest(Tight) { Profile = new Choosy() };
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Packet.Publish("refuse", "x", 1, 1), Packet.Subscribe(3, ("refuse", 0)), [0x36, 0]);

        await client.ExpectAsync(0x40, 2, 0, 1);
        await client.ExpectAsync(0x90, 3, 0, 3, 0x80);
        await client.ExpectClosedAsync();
        await (await broker.OpenAsync(Packet.Connect("not"))).ExpectClosedAsync(0x20, 2, 0, 5);
    }

    [Fact]
    public async Task Response_information_is_given_to_who_asks()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { ResponseInformation = "responses/%c" });
        byte[] asks = Packet.Property(0x19, [1]);
        foreach (var (clientId, properties, expected) in ((string, byte[][], string?)[])
            [("a", [asks], "responses/a"), ("a", [], null), ("a", [Packet.Property(0x19, [0])], null), ("a/+", [asks], null)])
        {
            var client = await broker.OpenAsync(Packet.Connect(clientId, 5, properties: properties), 5);
            var connack = await client.ReceiveAsync();
            Mqtt.Packets.MqttProperties.Decode(connack.AsSpan(5))?.ResponseInformation.ShouldBe(expected, "[MQTT5-3.1.2-28]");
        }

        await using var silent = new BrokerUnderTest();
        var other = await silent.OpenAsync(Packet.Connect("a", 5, properties: asks), 5);
        Mqtt.Packets.MqttProperties.Decode((await other.ReceiveAsync()).AsSpan(5)).ShouldNotBeNull().ResponseInformation.ShouldBeNull();
        foreach (var wrong in (string[])["", "a/+", "#"]) Should.Throw<ArgumentOutOfRangeException>(() => new MqttBrokerOptions { ResponseInformation = wrong });
    }

    /// <summary>A listener that is told by names what to refuse.</summary>
    private sealed class Choosy : IListenerProfile
    {
        public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) => new(client.ClientId switch
        {
            "bad" => ConnectRuling.BadCredentials,
            "not" => ConnectRuling.NotAuthorized,
            _ => ConnectRuling.Accept,
        });

        public void OnConnected(IMqttClient client)
        {
        }

        public void OnDisconnected(IMqttClient client)
        {
        }

        public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) =>
            topic.SequenceEqual("refuse"u8) ? PublishRuling.Refuse : topic.SequenceEqual("disconnect"u8) ? PublishRuling.Disconnect : PublishRuling.Route;

        public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => filter == "refuse" ? SubscribeRuling.Refuse : SubscribeRuling.Grant;

        public void Take(IMqttClient client, MqttMessage message) => throw new InvalidOperationException("It takes nothing.");
    }
}
