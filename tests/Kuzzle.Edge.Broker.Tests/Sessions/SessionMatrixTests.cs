using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Sessions;

public sealed class SessionMatrixTests
{
    /// <summary>
    /// What becomes of a will with this delay, in a session with this expiry, when the connection breaks (or is taken over) and its client comes back after some
    /// seconds or never: when it is published, or -1 for never.
    /// </summary>
    [Theory]
    [InlineData(0, 100, "break", 1, false, 0)]
    [InlineData(5, 100, "break", 1, false, -1)]
    [InlineData(5, 100, "break", 1, true, 1)]
    [InlineData(5, 100, "break", 9, false, 5)]
    [InlineData(5, 3, "break", 9, false, 3)]
    [InlineData(5, 0, "break", 9, false, 0)]
    [InlineData(5, uint.MaxValue, "break", 9, false, 5)]
    [InlineData(0, 100, "takeover", 0, false, 0)]
    [InlineData(5, 100, "takeover", 0, false, -1)]
    [InlineData(5, 100, "takeover", 0, true, 0)]
    [InlineData(5, 0, "takeover", 0, false, 0)]
    [InlineData(5, 100, "disconnect", 9, false, -1)]
    [InlineData(5, 100, "disconnect 04", 9, false, 5)]
    [InlineData(5, 100, "disconnect 04", 1, false, -1)]
    [InlineData(5, 100, "disconnect 04 expiry 0", 9, false, 0)]
    [InlineData(5, 100, "disconnect 04 expiry 2", 9, false, 2)]
    [InlineData(5, 1, "disconnect 04 expiry 60", 9, false, 5)]
    public async Task A_will_is_published_when_the_standard_says(uint delay, uint expiry, string how, int backAfter, bool clean, int published)
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await broker.ConnectAsync("watcher", 5);
        await watcher.SubscribeAsync("will", 1);
        var will = new Packet.Will("will", "gone", Qos: 1) { Properties = [Packet.Property(0x18, Packet.Wide(delay))] };
        var client = await broker.ConnectAsync("c", 5, clean: true, will: will, properties: [Expiry(expiry)]);
        switch (how)
        {
            case "break": await client.BreakAsync(); break;
            case "takeover": break;
            case "disconnect": await client.SendAsync(Packet.Disconnect); _ = await client.ReceiveToEndAsync(); break;
            default:
                var changed = how.Split(' ') is [.., "expiry", var seconds] ? Packet.Properties(Expiry(uint.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture))) : [0];
                await client.SendAsync(Packet.Frame(0xE0, [4], changed));
                _ = await client.ReceiveToEndAsync();
                break;
        }

        for (var second = 0; second <= 12; second++)
        {
            if (second == backAfter) _ = await broker.OpenAsync(Packet.Connect("c", 5, clean, properties: [Expiry(expiry)]), 5) is { } back ? await back.ReceiveAsync() : null;
            if (second == published) (await watcher.ReceivePublishAsync()).Payload.ShouldBe("gone", "[MQTT5-3.1.2-8] [MQTT5-3.1.3-9]");
            await watcher.ExpectNothingAsync();
            broker.Clock.Advance(TimeSpan.FromSeconds(second == 0 ? 0.05 : 1));
            if (second == 0) broker.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(100u, 0u, false)]
    [InlineData(100u, 10u, true)]
    [InlineData(1u, 200u, true)]
    [InlineData(100u, uint.MaxValue, true)]
    public async Task Disconnect_decides_how_long_a_session_lasts(uint atConnect, uint atDisconnect, bool lasts)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("c", 5, properties: [Expiry(atConnect)]);
        await client.SendAsync(Packet.Frame(0xE0, [0], Packet.Properties(Expiry(atDisconnect))));
        await client.ExpectClosedAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(5));

        (await broker.ResumeAsync("c", 5)).SessionPresent.ShouldBe(lasts, "[MQTT5-3.1.2-23] [MQTT5-3.14.2-2]");
    }

    [Fact]
    public async Task Identifiers_that_the_broker_gives_are_all_different_and_can_be_used_again()
    {
        await using var broker = new BrokerUnderTest();
        var given = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            var client = await broker.OpenAsync(Packet.Connect("", 5, properties: [Expiry(100)]), 5);
            var id = Mqtt.Packets.MqttProperties.Decode((await client.ReceiveAsync()).AsSpan(5)).ShouldNotBeNull().AssignedClientIdentifier.ShouldNotBeNull();
            given.Add(id).ShouldBeTrue("[MQTT5-3.1.3-6]");
            if (i > 0) continue;

            await client.BreakAsync();
            (await broker.ResumeAsync(id, 5)).SessionPresent.ShouldBeTrue("[MQTT5-3.2.2-16]: it is as good as one of the client's own");
        }
    }

    [Fact]
    public async Task No_packet_of_any_type_is_larger_than_the_client_takes()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(new MqttMessage("large", new byte[40]) { Retain = true });
        broker.Broker.Publish(new MqttMessage("small", new byte[4]) { Retain = true });
        byte[] small = Packet.Property(0x27, Packet.Wide(30));
        var client = await broker.ConnectAsync("c", 5, properties: [small, Expiry(100)]);

        await client.SendAsync(Packet.Subscribe5(1, [], ("+", 1)), Packet.Unsubscribe5(2, "x"), Packet.Publish5("$SYS/x", "x", 1, 3), Packet.Publish5("$SYS/x", "x", 2, 4), Packet.Pubrel(5));
        foreach (var expected in (string[])["9004000100" + "01", "", "B004000200" + "11", "4003000387", "5003000487", "70020005"])
        {
            var packet = await client.ReceiveRawAsync();
            packet.Length.ShouldBeLessThanOrEqualTo(30, "[MQTT5-3.1.2-24]");
            if (expected.Length > 0) Convert.ToHexString(packet).ShouldBe(expected);
            else Received.Parse(packet, 5).Topic.ShouldBe("small", "the large one is passed over [MQTT5-3.1.2-25]");
        }

        await client.BreakAsync();
        broker.Broker.Publish(new MqttMessage("large", new byte[40]) { Qos = QualityOfService.AtLeastOnce });
        broker.Broker.Publish(new MqttMessage("small", "yes"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });
        var (again, _) = await broker.ResumeAsync("c", 5, small, Expiry(100));
        (await again.ReceivePublishAsync()).Payload.ShouldBe("yes", "also of what has waited");
        await again.SendAsync(Packet.Subscribe5(7, [], [.. Enumerable.Range(0, 40).Select(i => ($"f{i}", 0))]));
        await again.ExpectClosedAsync(); // Its SUBACK cannot be sent, and nothing else would do.
    }

    [Fact]
    public async Task Retained_messages_of_ones_own_are_kept_back_where_no_local_is_wanted()
    {
        await using var broker = new BrokerUnderTest();
        var other = await broker.ConnectAsync("other", 5);
        var client = await broker.ConnectAsync("c", 5, properties: [Expiry(100)]);
        await client.SendAsync(Packet.Publish5("t/own", "x", 1, 1, retain: true), Packet.Publish5("t/taken", "x", 1, 2, retain: true));
        for (var i = 1; i < 3; i++) _ = await client.ReceiveAsync();
        await other.SendAsync(Packet.Publish5("t/foreign", "x", 1, 1, retain: true), Packet.Publish5("t/taken", "y", 1, 2, retain: true));
        for (var i = 1; i < 3; i++) _ = await other.ReceiveAsync();
        await client.BreakAsync();
        var (again, _) = await broker.ResumeAsync("c", 5);

        await again.SubscribeAsync("t/#", 0x04);

        var got = new[] { (await again.ReceivePublishAsync()).Topic, (await again.ReceivePublishAsync()).Topic };
        got.ShouldBe(["t/foreign", "t/taken"], ignoreOrder: true, "[MQTT5-3.8.3-3]");
        await again.ExpectNothingAsync();
        await again.SubscribeAsync("t/own");
        (await again.ReceivePublishAsync()).Topic.ShouldBe("t/own");
    }

    [Theory]
    [InlineData(10, 5, 5, true)]
    [InlineData(10, 0, 10, true)]
    [InlineData(10, 20, 10, true)]
    [InlineData(0, 20, 20, false)]
    [InlineData(10, 10, 10, false)]
    public async Task The_keep_alive_that_holds_is_the_servers_if_it_says_one(int maximum, int asked, int holds, bool mayBeSaid)
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxKeepAliveSeconds = maximum });
        var client = await broker.OpenAsync(Packet.Connect("c", 5, keepAlive: asked), 5);
        var said = Mqtt.Packets.MqttProperties.Decode((await client.ReceiveAsync()).AsSpan(5))?.ServerKeepAlive;
        (said ?? asked).ShouldBe(holds, "[MQTT5-3.2.2-21] [MQTT5-3.2.2-22]");
        if (!mayBeSaid) said.ShouldBeNull();

        broker.Clock.Advance(TimeSpan.FromSeconds((holds * 1.5) - 0.1));
        await client.ExpectNothingAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds((holds * 1.5) + 0.2));

        await client.ExpectClosedAsync(0xE0, 1, 0x8D);
    }

    private static byte[] Expiry(uint seconds) => Packet.Property(0x11, Packet.Wide(seconds));
}
