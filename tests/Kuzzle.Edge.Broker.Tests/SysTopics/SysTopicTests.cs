using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.SysTopics;
using Kuzzle.Edge.Broker.Tests.Durability;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.SysTopics;

/// <summary>What the broker publishes about itself.</summary>
public sealed class SysTopicTests
{
    private static readonly MqttBrokerOptions Lifecycle = new() { Id = "box", SysTopics = SysTopicKinds.Lifecycle };

    [Fact]
    public async Task Clients_that_come_and_go_are_published_with_what_they_subscribe_to()
    {
        await using var broker = new BrokerUnderTest(Lifecycle);
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (context, _) => new(context.Filter == "neg" ? SubscribeDecision.Refuse() : SubscribeDecision.NoOpinion) });
        var watcher = await broker.ConnectAsync("w");
        await watcher.SubscribeAsync("$SYS/#");
        (await NextAsync(watcher)).ShouldBe("$SYS/box/new/subscribes {\"clientId\":\"w\",\"subs\":[{\"topic\":\"$SYS/#\",\"qos\":0}]}");
        (await NextAsync(watcher)).ShouldBe("$SYS/box/new/subscribers {\"clientId\":\"w\",\"subs\":[{\"topic\":\"$SYS/#\",\"qos\":0}]}");

        var client = await broker.ConnectAsync("a");
        await client.SendAsync(Packet.Subscribe(1, ("x/#", 1), ("neg", 1)));
        await client.ExpectAsync(0x90, 4, 0, 1, 1, 0x80);
        await client.SendAsync(Packet.Unsubscribe(2, "x/#"));
        await client.ReceiveAsync();
        await client.LeaveAsync();

        (await NextAsync(watcher)).ShouldBe("$SYS/box/new/clients a");
        (await NextAsync(watcher)).ShouldBe("$SYS/box/new/subscribes {\"clientId\":\"a\",\"subs\":[{\"topic\":\"x/#\",\"qos\":1},{\"topic\":\"neg\",\"qos\":128}]}");
        (await NextAsync(watcher)).ShouldStartWith("$SYS/box/new/subscribers {");
        (await NextAsync(watcher)).ShouldBe("$SYS/box/new/unsubscribes {\"clientId\":\"a\",\"subs\":[\"x/#\"]}");
        (await NextAsync(watcher)).ShouldBe("$SYS/box/new/unsubscribers {\"clientId\":\"a\",\"subs\":[\"x/#\"]}");
        (await NextAsync(watcher)).ShouldBe("$SYS/box/disconnect/clients a");
    }

    [Fact]
    public async Task The_heart_beats_at_its_interval_and_not_before()
    {
        await using var broker = new BrokerUnderTest(Lifecycle with { HeartbeatInterval = TimeSpan.FromSeconds(10) });
        var watcher = await broker.ConnectAsync("w");
        await watcher.SubscribeAsync("$SYS/box/heartbeat");
        await broker.Broker.StartAsync(CancellationToken.None);

        broker.Clock.Advance(TimeSpan.FromSeconds(9));
        await watcher.ExpectNothingAsync();
        for (var beat = 0; beat < 3; beat++)
        {
            broker.Clock.Advance(TimeSpan.FromSeconds(10.1));
            (await NextAsync(watcher)).ShouldBe("$SYS/box/heartbeat box");
        }
    }

    [Fact]
    public async Task The_birth_of_the_broker_is_published_once()
    {
        await using var broker = new BrokerUnderTest(Lifecycle);
        var watcher = await broker.ConnectAsync("w");
        await watcher.SubscribeAsync("$SYS/+/birth");

        await broker.Broker.StartAsync(CancellationToken.None);

        (await NextAsync(watcher)).ShouldBe("$SYS/box/birth box");
        await Should.ThrowAsync<InvalidOperationException>(() => broker.Broker.StartAsync(CancellationToken.None));
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task Who_subscribes_to_everything_hears_nothing_of_it()
    {
        await using var broker = new BrokerUnderTest(Lifecycle);
        var watcher = await broker.ConnectAsync("w");
        await watcher.SubscribeAsync("#");
        await watcher.SubscribeAsync("+/box/new/clients");

        await broker.ConnectAsync("a");

        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4, new byte[] { 0x40, 2, 0, 1 })]
    [InlineData(5, new byte[] { 0x40, 3, 0, 1, 0x87 })]
    public async Task No_client_publishes_there(int version, byte[] answer)
    {
        await using var broker = new BrokerUnderTest(Lifecycle);
        var watcher = await broker.ConnectAsync("w");
        await watcher.SubscribeAsync("$SYS/box/heartbeat");
        var client = await broker.ConnectAsync("c", version);

        await client.SendAsync(version == 5 ? Packet.Publish5("$SYS/box/heartbeat", "x", 1, id: 1) : Packet.Publish("$SYS/box/heartbeat", "x", 1, id: 1));

        await client.ExpectAsync(answer);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task Statistics_are_retained_and_published_when_they_have_changed()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { SysTopics = SysTopicKinds.Statistics });
        await broker.Broker.StartAsync(CancellationToken.None);
        var publisher = await broker.ConnectAsync("p");
        await publisher.SendAsync(Packet.Publish("t", "12345", 1, id: 1));
        await publisher.ReceiveAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(11));
        var watcher = await broker.ConnectAsync("w");

        await watcher.SendAsync(Packet.Subscribe(1, ("$SYS/broker/#", 0)));
        await watcher.ReceiveAsync();

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!values.ContainsKey("$SYS/broker/uptime") || values.Count < 52)
        {
            var received = await watcher.ReceivePublishAsync();
            received.Retain.ShouldBeTrue();
            values[received.Topic] = received.Payload;
        }

        values["$SYS/broker/clients/connected"].ShouldBe("1");
        values["$SYS/broker/clients/maximum"].ShouldBe("1");
        values["$SYS/broker/publish/messages/received"].ShouldBe("1");
        values["$SYS/broker/publish/bytes/received"].ShouldBe("6");
        values["$SYS/broker/messages/received"].ShouldBe("1");
        values["$SYS/broker/bytes/received"].ShouldBe("12");
        values["$SYS/broker/uptime"].ShouldBe("10 seconds");
        values["$SYS/broker/version"].ShouldStartWith("Kuzzle.Edge broker version ");
        values["$SYS/broker/load/publish/received/1min"].ShouldBe("0.92");
        values["$SYS/broker/load/connections/15min"].ShouldBe("0.07");
        values.Keys.ShouldContain("$SYS/broker/retained messages/count");
        values.Keys.ShouldContain("$SYS/broker/load/sockets/5min");
        broker.Clock.Advance(TimeSpan.FromSeconds(10));
        var live = await watcher.ReceivePublishAsync();
        (live.Topic, live.Payload, live.Retain).ShouldBe(("$SYS/broker/clients/total", "2", false));
    }

    [Fact]
    public async Task Statistics_do_not_wear_the_disk()
    {
        await using var power = await Power.OnAsync(new MqttBrokerOptions { SysTopics = SysTopicKinds.Statistics });
        var before = power.Store.Commits;

        power.Broker.Clock.Advance(TimeSpan.FromMinutes(1));

        power.Store.Commits.ShouldBe(before);
        power.Broker.Broker.Core.Retained.Count.ShouldBeGreaterThan(40);
    }

    private static async Task<string> NextAsync(WireClient client)
    {
        var received = await client.ReceivePublishAsync();
        (received.Qos, received.Retain).ShouldBe((0, false));
        return $"{received.Topic} {received.Payload}";
    }
}
