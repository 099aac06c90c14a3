using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;
using static Kuzzle.Edge.Broker.Tests.Access.Policies;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>What the list allows and nothing denies, at the wire.</summary>
public sealed class AccessListTests
{
    private static readonly AccessPolicy Welcoming = new() { Anonymous = AnonymousAccess.Allowed };

    private static MqttMessage Message(string topic, string payload, bool retain = false) => new(topic, Bytes(payload)) { Qos = QualityOfService.AtLeastOnce, Retain = retain };

    [Fact]
    public void Asking_for_a_topic_allocates_nothing()
    {
        var rule = Rule("everyone", read: ["a/+/c/#", "at/%c/#"], write: ["a/b/#"], deny: ["a/+/secret"]);
        var rights = new ClientRights(Welcoming.With(rule), ClientIdentity.Anonymous, "c1");
        var granted = 0;
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) Ask();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        granted.ShouldBe(2002);

        void Ask()
        {
            if (rights.MayWrite("a/b/c"u8)) granted++;
            if (rights.MayRead("at/c1/x"u8)) granted++;
            if (rights.MayRead("a/b/secret"u8)) granted++;
        }
    }

    [Fact]
    public async Task A_publication_that_no_rule_allows_goes_nowhere_and_mqtt_5_is_told()
    {
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With(Rule("everyone", read: ["#"], write: ["open/#"], deny: ["open/closed"]))) };
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");
        var client = await broker.ConnectAsync("a", version: 5);

        await client.SendAsync(
            Packet.Publish5("other", "0"),
            Packet.Publish5("other", "1", 1, id: 1, retain: true),
            Packet.Publish5("open/closed", "2", 2, id: 2),
            Packet.Publish5("open/x", "3", 1, id: 3));

        await client.ExpectAsync(0x40, 3, 0, 1, 0x87);
        await client.ExpectAsync(0x50, 3, 0, 2, 0x87);
        await client.ExpectAsync(0x40, 2, 0, 3);
        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("3");
        await watcher.ExpectNothingAsync();
        broker.Broker.Core.Retained.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_of_an_older_version_is_acknowledged_as_if_it_were_delivered()
    {
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With(Rule("everyone", read: ["#"]))) };
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("#");

        await client.SendAsync(Packet.Publish("x", "1", 1, id: 1), Packet.Publish("x", "2", 2, id: 2), Packet.Pubrel(2));

        await client.ExpectAsync(Packet.Puback(1));
        await client.ExpectAsync(Packet.Pubrec(2));
        await client.ExpectAsync(Packet.Pubcomp(2));
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("public/#", 0x00)]
    [InlineData("public/a", 0x00)]
    [InlineData("#", 0x00)]
    [InlineData("+/a", 0x00)]
    [InlineData("private/#", 0x87)]
    [InlineData("public/secret/x", 0x87)]
    [InlineData("public/secret/#", 0x87)]
    [InlineData("$SYS/#", 0x87)]
    [InlineData("$share/g/public/a", 0x00)]
    [InlineData("$share/g/private/a", 0x87)]
    [InlineData("$share/public/private/a", 0x87)]
    public async Task A_filter_is_refused_exactly_if_nothing_it_matches_may_be_read(string filter, byte code)
    {
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With(Rule("everyone", read: ["public/#"], deny: ["public/secret/#"]))) };
        var client = await broker.ConnectAsync("a", version: 5);

        await client.SendAsync(Packet.Subscribe5(1, [], (filter, 0)));

        await client.ExpectAsync(0x90, 4, 0, 1, 0, code);
    }

    [Fact]
    public async Task A_filter_that_was_granted_brings_only_what_may_be_read_live_and_retained()
    {
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With(Rule("everyone", read: ["public/#"], deny: ["public/secret"]))) };
        foreach (var topic in (string[])["public/secret", "private", "public/a"]) broker.Broker.Publish(Message(topic, topic, retain: true));
        var client = await broker.ConnectAsync("a");

        await client.SubscribeAsync("#", 1);
        (await client.ReceivePublishAsync()).Topic.ShouldBe("public/a");
        foreach (var topic in (string[])["public/secret", "private", "public/b"]) broker.Broker.Publish(Message(topic, topic));

        (await client.ReceivePublishAsync()).Topic.ShouldBe("public/b");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Each_has_its_own_topics_and_a_hostile_name_has_none()
    {
        var rule = Rule("everyone", read: ["of/%u/#", "at/%c/#"], write: ["of/%u/#", "at/%c/#"]);
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With("alice").With(rule)) };
        var alice = await broker.OpenAsync(Packet.Connect("c1", 5, user: "alice", password: "ecila"), 5);
        await alice.ReceiveAsync();

        await alice.SendAsync(Packet.Subscribe5(1, [], ("of/alice/#", 0), ("at/c1/#", 0), ("of/bob/#", 0), ("at/c2/#", 0), ("of/#", 0)));
        await alice.ExpectAsync(0x90, 8, 0, 1, 0, 0, 0, 0x87, 0x87, 0);

        foreach (var name in (string[])["#", "+", "a/b"])
        {
            var hostile = await broker.ConnectAsync(name, version: 5);
            await hostile.SendAsync(Packet.Subscribe5(1, [], ("at/#", 0), ("at/" + name.Replace("#", "x", StringComparison.Ordinal).Replace("+", "x", StringComparison.Ordinal), 0)));
            await hostile.ExpectAsync(0x90, 5, 0, 1, 0, 0x87, 0x87);
        }
    }

    [Fact]
    public async Task A_will_is_judged_at_connect_and_again_when_it_is_due()
    {
        var policy = Welcoming.With(Rule("everyone", read: ["#"], write: ["wills/#"]));
        var profile = Profile(policy);
        await using var broker = new BrokerUnderTest { Profile = profile };
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");

        await (await broker.OpenAsync(Packet.Connect("a", will: new Packet.Will("x", "1")))).ExpectClosedAsync(0x20, 2, 0, 5);
        await (await broker.ConnectAsync("a", will: new Packet.Will("wills/a", "2"))).BreakAsync();
        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("2");

        var late = await broker.ConnectAsync("a", will: new Packet.Will("wills/a", "3"));
        profile.Change(policy.With(Rule("everyone", read: ["#"])));
        await late.BreakAsync();
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_list_everybody_may_subscribe_to_every_topic(bool isUser)
    {
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With("alice")) };
        var client = await broker.OpenAsync(isUser ? Packet.Connect("c", 5, user: "alice", password: "ecila") : Packet.Connect("c", 5), 5);
        await client.ReceiveAsync();

        await client.SendAsync(Packet.Subscribe5(1, [], ("$SYS/#", 0), ("$share/g/$SYS/uptime", 0), ("$other/#", 0), ("#", 0)));

        await client.ExpectAsync(0x90, 7, 0, 1, 0, 0, 0, 0, 0);
    }

    [Fact]
    public async Task A_list_may_open_the_brokers_own_topics_for_reading_and_nobody_publishes_there()
    {
        await using var broker = new BrokerUnderTest { Profile = Profile(Welcoming.With(Rule("anonymous", read: ["$SYS/#"], write: ["$SYS/#"]))) };
        var client = await broker.ConnectAsync("c", version: 5);
        await client.SubscribeAsync("$SYS/#");

        broker.Broker.Publish(Message("$SYS/uptime", "1"));
        (await client.ReceivePublishAsync()).Payload.ShouldBe("1");
        await client.SendAsync(Packet.Publish5("$SYS/uptime", "2", 1, id: 1));
        await client.ExpectAsync(0x40, 3, 0, 1, 0x87);
    }
}
