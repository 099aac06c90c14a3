using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>One message that a side does not take must not hold up the others, and no message may be taken for such a one.</summary>
public sealed class UnfitMessageTests
{
    private static readonly string Large = new('x', 5000);

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_message_on_which_the_other_side_closes_is_given_up_and_its_neighbours_arrive(QualityOfService qos)
    {
        await using var there = new ClosingBroker(static (_, _, topic) => topic.EndsWith("bad", StringComparison.Ordinal));
        await using var here = await BridgeBox.StartAsync("here");
        here.Log = new LogLines();
        var bridge = here.Bridge(new MqttNetworkConnector(there.Url), MqttVersion.V311, new BridgeTopic("t/#", BridgeDirection.Out) { QualityOfService = qos });
        await OnlineAsync(bridge);

        string[] topics = ["t/1", "t/2", "t/bad", "t/3", "t/worse/bad", "t/4"];
        await Task.WhenAll(topics.Select(topic => here.PublishAsync(topic, topic, qos)));

        await UntilAsync(() => there.Taken.Count == 4 && here.Home!.Waiting == 0);
        there.Taken.Order(StringComparer.Ordinal).ShouldBe(["t/1", "t/2", "t/3", "t/4"]);
        (bridge.Status.Sent, bridge.Status.Dropped).ShouldBe((4, 2));
        here.Log.All.ShouldContain(static line => line.StartsWith("Warning: ") && line.Contains("on t/bad is refused") && line.Contains("(5 bytes of payload; the connection was closed 3 times in a row"));

        // What was given up leaves no identifier behind under which a later message would be mistaken for it.
        await UntilAsync(() => there.Owned == 0);
        for (var number = 0; number < 10; number++) await here.PublishAsync($"t/then/{number}", "x", qos);
        await UntilAsync(() => there.Taken.Count == 14 && there.Owned == 0);
    }

    [Theory]
    [InlineData(PacketType.Connect)]
    [InlineData(PacketType.Pingreq)]
    public async Task A_message_is_not_given_up_however_often_the_other_side_closes_for_something_else(PacketType something)
    {
        // The message was unanswered when the first connection ended, and waits since.
        await using var there = new ClosingBroker((connection, type, _) => connection == 1 ? type == PacketType.Publish : connection < 9 && type == something);
        await using var here = await BridgeBox.StartAsync("here");
        var options = here.Options(MqttVersion.V311, new BridgeTopic("t/#", BridgeDirection.Out)) with { MaxRetryDelay = TimeSpan.FromMilliseconds(500) };
        var bridge = here.Bridge(new MqttNetworkConnector(there.Url), options);

        await here.PublishAsync("t/a", "x");

        await UntilAsync(() => there.Taken.Count == 1 && here.Home!.Waiting == 0);
        there.Connections.ShouldBeGreaterThanOrEqualTo(9);
        (bridge.Status.Sent, bridge.Status.Dropped).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_message_that_is_taken_at_the_last_attempt_is_not_given_up()
    {
        await using var there = new ClosingBroker(static (connection, type, _) => connection < 4 && type == PacketType.Publish);
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(new MqttNetworkConnector(there.Url), MqttVersion.V311, new BridgeTopic("t/#", BridgeDirection.Out));

        await here.PublishAsync("t/a", "x");

        await UntilAsync(() => here.Home!.Waiting == 0 && bridge.Status.Sent + bridge.Status.Dropped > 0);
        there.Taken.ShouldBe(["t/a"]);
        bridge.Status.Dropped.ShouldBe(0);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task What_is_larger_than_is_to_be_sent_is_dropped_without_a_word_to_the_other_side(MqttVersion version)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        here.Log = new LogLines();
        var options = here.Options(version, new BridgeTopic("t/#", BridgeDirection.Out)) with { MaxSentPacketBytes = 1024 };
        var bridge = here.Bridge(there.Door, options);
        await OnlineAsync(bridge);

        await here.PublishAsync("t/a", Large);
        await here.PublishAsync("t/b", "x");

        (await there.HearAsync()).ShouldBe("t/b x");
        await UntilAsync(() => here.Home!.Waiting == 0);
        bridge.Status.Dropped.ShouldBe(1);
        here.Announced.ShouldBe([LinkState.Offline, LinkState.Online]);
        here.Log.All.ShouldContain(static line => line.Contains("on t/a is refused") && line.Contains("with a payload of 5000 bytes its packet has more than 1024"));
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task What_is_larger_than_is_taken_is_acknowledged_and_dropped(QualityOfService qos)
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        here.Log = new LogLines();
        await there.PublishAsync("t/retained", Large, qos, retain: true);
        var options = here.Options(MqttVersion.V311, new BridgeTopic("t/#", BridgeDirection.In) { QualityOfService = qos }) with { MaxPacketBytes = 1024 };
        var bridge = here.Bridge(there.Door, options);
        await OnlineAsync(bridge);

        await there.PublishAsync("t/a", Large, qos);
        await there.PublishAsync("t/b", "x", qos);

        (await here.HearAsync()).ShouldBe("t/b x");
        (bridge.Status.Received, bridge.Status.Dropped).ShouldBe((1, 2));
        here.Announced.ShouldBe([LinkState.Offline, LinkState.Online]);
        here.Log.All.ShouldContain(static line => line.Contains("on t/a was dropped: with a payload of 5000 bytes"));

        // None comes again once it is acknowledged.
        await UntilAsync(() => there.OwedTo(options.ClientId) == 0);
        there.Door.Cut();
        there.Door.Mend();
        await UntilAsync(() => here.Announced.Count == 4 && bridge.Status.State == LinkState.Online);
        await there.PublishAsync("t/c", "x", QualityOfService.AtLeastOnce);
        (await here.HearAsync()).ShouldBe("t/c x");
        bridge.Status.Dropped.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_whose_topic_this_side_does_not_bear_is_given_up_and_the_next_arrives()
    {
        await using var there = new ClosingBroker(static (_, _, _) => false);
        there.Sends("t" + string.Concat(Enumerable.Repeat("/x", 300)), "t/b");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(new MqttNetworkConnector(there.Url), MqttVersion.V311, new BridgeTopic("t/#", BridgeDirection.In));

        (await here.HearAsync()).ShouldBe("t/b x");
        await UntilAsync(() => there.Unacknowledged == 0);
        bridge.Status.Dropped.ShouldBe(1);
    }

    [MosquittoTheory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_mosquitto_that_takes_no_large_packets_gets_the_others(QualityOfService qos)
    {
        using var mosquitto = new Mosquitto("max_packet_size 4096");
        mosquitto.Start();
        await using var here = await BridgeBox.StartAsync("here");
        BridgeTopic[] topics = [new("t/#", BridgeDirection.Out) { QualityOfService = qos, RemotePrefix = "a/" }, new("#", BridgeDirection.In) { QualityOfService = qos, RemotePrefix = "a/t/", LocalPrefix = "back/" }];
        var connector = new MqttNetworkConnector(new Uri(FormattableString.Invariant($"mqtt://127.0.0.1:{mosquitto.Port}")));
        var bridge = here.Bridge(connector, MqttVersion.V311, topics);
        await OnlineAsync(bridge);

        await here.PublishAsync("t/1", "1", qos);
        await here.PublishAsync("t/2", new string('x', 200_000), qos);
        await here.PublishAsync("t/3", "3", qos);

        await UntilAsync(() => here.Home!.Waiting == 0 && bridge.Status.Sent + bridge.Status.Dropped == 3);
        (bridge.Status.Sent, bridge.Status.Dropped).ShouldBe((2, 1));
    }

    private static Task OnlineAsync(MqttBridge bridge) => UntilAsync(() => bridge.Status.State == LinkState.Online);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(BridgeBox.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }
}
