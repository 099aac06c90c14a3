using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

public sealed class MqttBridgeTests
{
    private static readonly BridgeTopic Out = new("t/#", BridgeDirection.Out);
    private static readonly BridgeTopic Both = new("t/#", BridgeDirection.Both);

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Messages_cross_in_both_directions_under_their_other_names(MqttVersion version)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(
            there,
            version,
            new BridgeTopic("#", BridgeDirection.Out) { LocalPrefix = "plant/", RemotePrefix = "sites/7/" },
            new BridgeTopic("+/set", BridgeDirection.In) { LocalPrefix = "orders/", RemotePrefix = "cloud/" });
        await OnlineAsync(bridge);

        await here.PublishAsync("plant/a/b", "1");
        (await there.HearAsync()).ShouldBe("sites/7/a/b 1");
        await there.PublishAsync("cloud/x/set", "2");
        (await there.HearAsync()).ShouldBe("cloud/x/set 2");
        (await here.HearAsync()).ShouldBe("plant/a/b 1");
        (await here.HearAsync()).ShouldBe("orders/x/set 2");
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task What_was_sent_does_not_come_back(MqttVersion version)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        await OnlineAsync(here.Bridge(there, version, Both));

        await here.PublishAsync("t/a", "mine");
        (await there.HearAsync()).ShouldBe("t/a mine");
        await there.PublishAsync("t/b", "theirs");
        (await there.HearAsync()).ShouldBe("t/b theirs");

        // Order is kept each way, so an echo of the first would stand before the second.
        (await here.HearAsync()).ShouldBe("t/a mine");
        (await here.HearAsync()).ShouldBe("t/b theirs");
    }

    [Fact]
    public async Task Two_bridges_that_face_each_other_end_a_loop()
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var first = here.Bridge(there, MqttVersion.V5, Both);
        var second = there.Bridge(here, MqttVersion.V5, Both);
        await OnlineAsync(first);
        await OnlineAsync(second);

        await here.PublishAsync("t/a", "1");
        await UntilAsync(() => first.Status.Dropped + second.Status.Dropped >= 2);

        first.Status.Sent.ShouldBeLessThanOrEqualTo(2);
        second.Status.Sent.ShouldBeLessThanOrEqualTo(2);
        first.Status.Received.ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task What_was_published_during_an_outage_arrives_in_order(MqttVersion version)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(there, version, Out);
        await OnlineAsync(bridge);
        there.Door.Cut();
        await UntilAsync(() => bridge.Status.State != LinkState.Online);

        for (var i = 0; i < 300; i++) await here.PublishAsync("t/a", $"{i}");
        there.Door.Mend();

        for (var i = 0; i < 300; i++) (await there.HearAsync()).ShouldBe($"t/a {i}");
        await UntilAsync(() => bridge.Status.Sent == 300);
    }

    [Fact]
    public async Task What_waits_for_the_other_side_outlives_the_process()
    {
        var directory = Directory.CreateTempSubdirectory("bridge");
        try
        {
            await using var there = await BridgeBox.StartAsync("there");
            await using (var before = await BridgeBox.StartAsync("here", Store(directory)))
            {
                await OnlineAsync(before.Bridge(there, MqttVersion.V5, Out));
                there.Door.Cut();
                for (var i = 0; i < 20; i++) await before.PublishAsync("t/a", $"{i}");
            }

            there.Door.Mend();
            await using var after = await BridgeBox.StartAsync("here", Store(directory));
            after.Bridge(there, MqttVersion.V5, Out);

            for (var i = 0; i < 20; i++) (await there.HearAsync()).ShouldBe($"t/a {i}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_waits_on_the_other_side_comes_when_the_link_returns()
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(there, MqttVersion.V5, new BridgeTopic("t/#", BridgeDirection.In));
        await OnlineAsync(bridge);
        there.Door.Cut();
        await UntilAsync(() => bridge.Status.State != LinkState.Online);

        await there.PublishAsync("t/a", "1");
        await there.PublishAsync("t/a", "2");
        there.Door.Mend();

        (await here.HearAsync()).ShouldBe("t/a 1");
        (await here.HearAsync()).ShouldBe("t/a 2");
        var announced = here.Announced.ToArray();
        announced[..3].ShouldBe([LinkState.Offline, LinkState.Online, LinkState.Offline]);
        announced[^1].ShouldBe(LinkState.Online);
    }

    [Theory]
    [InlineData(true, "t/a 1 retained")]
    [InlineData(false, "t/a 1")]
    public async Task Retained_messages_stay_retained_where_that_is_wanted(bool retain, string heard)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        await OnlineAsync(here.Bridge(there, MqttVersion.V5, Out with { Retain = retain }));

        await here.PublishAsync("t/a", "1", retain: true);

        (await there.HearAsync()).ShouldBe(heard);
    }

    [Fact]
    public async Task The_other_side_retains_whether_the_bridge_is_connected()
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var options = here.Options(MqttVersion.V5, Out) with { RemoteStateTopic = MqttBridgeOptions.StateTopicOf("bridge of here") };
        var bridge = here.Bridge(there.Door, options);
        (await there.HearAsync()).ShouldBe("$SYS/broker/connection/bridge of here/state 1");

        there.Door.Cut();
        (await there.HearAsync()).ShouldBe("$SYS/broker/connection/bridge of here/state 0");

        there.Door.Mend();
        (await there.HearAsync()).ShouldBe("$SYS/broker/connection/bridge of here/state 1");

        await bridge.StopAsync();
        (await there.HearAsync()).ShouldBe("$SYS/broker/connection/bridge of here/state 0");
    }

    [Theory]
    [InlineData(QueuePolicy.DropNewest, "0", "1", "2")]
    [InlineData(QueuePolicy.DropOldest, "7", "8", "9")]
    public async Task A_full_queue_gives_up_what_it_is_told_to_and_counts_it(QueuePolicy policy, params string[] kept)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        there.Door.Cut();
        here.Bridge(there.Door, here.Options(MqttVersion.V5, Out) with { MaxQueuedMessages = 3, MaxInFlight = 1, QueuePolicy = policy });
        await UntilAsync(() => here.Home!.HeldFilters.Count == 1);
        await here.PublishAsync("t/first", "x");
        await UntilAsync(() => here.Home!.Waiting == 1); // It is under way to the bridge, so the queue itself is empty.

        for (var i = 0; i < 10; i++) await here.PublishAsync("t/a", $"{i}");
        here.Home!.Overflowed.ShouldBe(7);
        there.Door.Mend();

        (await there.HearAsync()).ShouldBe("t/first x");
        foreach (var message in kept) (await there.HearAsync()).ShouldBe($"t/a {message}");
    }

    [Fact]
    public async Task A_paused_bridge_lets_messages_wait_until_it_is_resumed()
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(there, MqttVersion.V5, Out);
        await OnlineAsync(bridge);

        bridge.Pause();
        await UntilAsync(() => bridge.Status.State == LinkState.Suspended);
        await here.PublishAsync("t/a", "1");
        there.Unheard.ShouldBe(0);
        bridge.Resume();

        (await there.HearAsync()).ShouldBe("t/a 1");
    }

    [Fact]
    public async Task Topics_that_are_configured_no_more_do_not_fill_the_queue()
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var before = here.Bridge(there, MqttVersion.V5, Out, new BridgeTopic("u/#", BridgeDirection.Out));
        await OnlineAsync(before);
        await before.DisposeAsync();

        await OnlineAsync(here.Bridge(there, MqttVersion.V5, Out));

        here.Home!.HeldFilters.ShouldBe(["t/#"]);
    }

    [Theory]
    [InlineData("", "x/#", "", "x", true, "the parent level counts")]
    [InlineData("x/", "#", "", "x", false, "the prefix is not there")]
    [InlineData("x/", "#", "", "x/", false, "it would have no name on the other side")]
    [InlineData("x/", "#", "y/", "x/", true, "an empty level is a level")]
    [InlineData("", "#", "", "$SYS/a", false, "[MQTT-4.7.2-1]")]
    public void A_rule_carries_what_it_can_name(string prefix, string pattern, string other, string topic, bool carried, string why) =>
        new BridgeTopic(pattern, BridgeDirection.Out) { LocalPrefix = prefix, RemotePrefix = other }.TakesOut(topic).ShouldBe(carried, why);

    [Theory]
    [InlineData("a/#/b", "")]
    [InlineData("", "")]
    [InlineData("a", "+/")]
    [InlineData("$share/g/a", "")]
    public void A_rule_that_is_no_filter_is_found_at_once(string pattern, string prefix) =>
        new BridgeTopic(pattern, BridgeDirection.Out) { LocalPrefix = prefix }.Fault.ShouldNotBeNull();

    private static SqliteBrokerStore Store(DirectoryInfo directory) => SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = directory.FullName }, NullLoggerFactory.Instance);

    private static Task OnlineAsync(MqttBridge bridge) => UntilAsync(() => bridge.Status.State == LinkState.Online);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(BridgeBox.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }
}
