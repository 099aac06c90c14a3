using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Sessions;

public sealed class SessionTests
{
    [Fact]
    public async Task Session_present_tells_the_truth_even_without_subscriptions()
    {
        await using var broker = new BrokerUnderTest();
        var (first, wasThere) = await broker.ResumeAsync("a");
        wasThere.ShouldBeFalse();
        await first.LeaveAsync();

        var (second, isThere) = await broker.ResumeAsync("a");
        isThere.ShouldBeTrue("[MQTT-3.2.2-2]");
        await second.LeaveAsync();
        await (await broker.ConnectAsync("a")).LeaveAsync();

        (await broker.ResumeAsync("a")).SessionPresent.ShouldBeFalse("[MQTT-3.1.2-6]: what began clean ends with its connection");
    }

    [Fact]
    public async Task A_clean_session_leaves_nothing_behind()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t/#", 2);
        await client.SubscribeAsync("$share/g/t", 2);

        await client.BreakAsync();

        broker.Broker.Core.Sessions.Count.ShouldBe(0);
        broker.Broker.Core.Tree.CountNodes().ShouldBe(0);
        broker.Broker.Core.Metrics.Subscriptions.ShouldBe(0);
        broker.Broker.Core.Metrics.Clients.ShouldBe(0);
    }

    [Fact]
    public async Task What_came_while_the_client_was_away_waits_in_order_without_qos_0()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("t", 2);
        await client.LeaveAsync();

        for (var i = 0; i < 9; i++) broker.Broker.Publish(new MqttMessage("t", new[] { (byte)('0' + i) }) { Qos = (QualityOfService)(i % 3) });

        var (again, _) = await broker.ResumeAsync("a");
        foreach (var expected in (string[])["1", "2", "4", "5", "7", "8"])
        {
            var message = await again.ReceivePublishAsync();
            message.Payload.ShouldBe(expected);
            message.Dup.ShouldBeFalse("it was never sent before");
        }

        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_queue_of_an_absent_client_has_its_bounds()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxQueuedMessages = 5, MaxQueuedBytes = 1024 });
        foreach (var name in (string[])["many", "large"])
        {
            var client = await broker.ConnectAsync(name, clean: false);
            await client.SubscribeAsync(name, 1);
            await client.LeaveAsync();
        }

        for (var i = 0; i < 20; i++) broker.Broker.Publish(new MqttMessage("many", new[] { (byte)('a' + i) }) { Qos = QualityOfService.AtLeastOnce });
        for (var i = 0; i < 3; i++) broker.Broker.Publish(new MqttMessage("large", new byte[400]) { Qos = QualityOfService.AtLeastOnce });

        broker.Broker.Core.Metrics.CountDropped(DropReason.QueueFull).ShouldBe(16);
        var (many, _) = await broker.ResumeAsync("many");
        for (var i = 0; i < 5; i++) (await many.ReceivePublishAsync()).Payload.ShouldBe($"{(char)('a' + i)}", "what came first is kept");
        await many.ExpectNothingAsync();
        var (large, _) = await broker.ResumeAsync("large");
        for (var i = 0; i < 2; i++) (await large.ReceivePublishAsync()).Payload.Length.ShouldBe(400);
        await large.ExpectNothingAsync();
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(1u, 1.1, false, "[MQTT5-3.1.2-23]")]
    [InlineData(1u, 0.8, true, "[MQTT5-3.1.2-23]")]
    [InlineData(uint.MaxValue, 600_000, false, "the broker's own maximum, a week")]
    public async Task A_session_lasts_as_long_as_it_was_asked_to(uint expiry, double seconds, bool present, string clause)
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxSessionExpirySeconds = 500_000 });
        var client = await broker.OpenAsync(Packet.Connect("a", 5, properties: [Packet.Property(0x11, Packet.Wide(expiry))]), 5);
        var connack = Convert.ToHexString(await client.ReceiveAsync());
        connack.Contains("110007A120", StringComparison.Ordinal).ShouldBe(expiry > 500_000, "[MQTT5-3.2.2-11]: told only when it is another");
        await client.SubscribeAsync("t", 1);
        await client.BreakAsync();

        broker.Clock.Advance(TimeSpan.FromSeconds(seconds));

        broker.Broker.Core.Sessions.Count.ShouldBe(present ? 1 : 0, "it is not only forgotten when asked for");
        (await broker.ResumeAsync("a", 5)).SessionPresent.ShouldBe(present, clause);
    }

    [Fact]
    public async Task Disconnect_may_change_how_long_it_lasts_but_not_from_nothing()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x11, Packet.Wide(1))]);
        await client.SendAsync(Packet.Frame(0xE0, [0], Packet.Properties(Packet.Property(0x11, Packet.Wide(100)))));
        await client.ExpectClosedAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(50));
        (await broker.ResumeAsync("a", 5)).SessionPresent.ShouldBeTrue();

        var brief = await broker.ConnectAsync("b", 5);
        await brief.SendAsync(Packet.Frame(0xE0, [0], Packet.Properties(Packet.Property(0x11, Packet.Wide(100)))));
        await brief.ExpectClosedAsync(0xE0, 1, 0x82);
    }

    [Fact]
    public async Task There_are_no_more_sessions_than_there_may_be()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxSessions = 2 });
        await (await broker.ConnectAsync("a", clean: false)).LeaveAsync();
        _ = await broker.ConnectAsync("b");

        await (await broker.OpenAsync(Packet.Connect("c"))).ExpectClosedAsync(0x20, 2, 0, 3);
        await (await broker.OpenAsync(Packet.Connect("d", 5), 5)).ExpectClosedAsync(0x20, 3, 0, 0x97, 0);

        (await broker.ResumeAsync("a")).SessionPresent.ShouldBeTrue();
    }

    [Fact]
    public async Task A_subscription_cannot_be_had_beyond_the_sessions_bound()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxSubscriptionsPerSession = 2 });
        var old = await broker.ConnectAsync("a");
        var current = await broker.ConnectAsync("b", 5);

        await old.SendAsync(Packet.Subscribe(1, ("1", 1), ("2", 1), ("3", 1), ("1", 0)));
        await current.SendAsync(Packet.Subscribe5(1, [], ("1", 1), ("2", 1), ("3", 1)));

        await old.ExpectAsync(0x90, 6, 0, 1, 1, 1, 0x80, 0);
        await current.ExpectAsync(0x90, 6, 0, 1, 0, 1, 1, 0x97);
    }
}
