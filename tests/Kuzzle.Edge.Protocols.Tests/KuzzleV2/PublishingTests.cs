using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.KuzzleV2;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>What a client may publish: the table of kuzzle-mqtt.md 1.3.</summary>
public sealed class PublishingTests
{
    private static KuzzleMqttOptions With(bool allowPubSub) => new() { AllowPubSub = allowPubSub };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_publication_on_the_request_topic_is_a_request(bool allowPubSub)
    {
        await using var gateway = new MqttGateway(With(allowPubSub));
        var client = await gateway.ConnectAsync();

        var answer = await client.AskAsync(Now("r1"));

        ((string?)answer["requestId"]).ShouldBe("r1");
        ((int?)answer["status"]).ShouldBe(200);
        answer.ContainsKey("room").ShouldBeFalse("only WebSocket answers have a room");
    }

    [Theory]
    [InlineData(false, "Kuzzle/response")]
    [InlineData(true, "Kuzzle/response")]
    [InlineData(false, "some/+/topic")]
    [InlineData(true, "some/+/topic")]
    [InlineData(false, "some/#")]
    [InlineData(true, "some/#")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "some/topic")]
    [InlineData(false, "$SYS/uptime")]
    [InlineData(false, "Kuzzle/request/")]
    [InlineData(false, "kuzzle/request")]
    public async Task A_publication_on_a_topic_that_is_not_allowed_closes_the_connection(bool allowPubSub, string topic)
    {
        await using var gateway = new MqttGateway(With(allowPubSub));
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(topic, Now("r1"));

        (await client.ReadAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_forbidden_publication_is_not_acknowledged(int qos)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("some/topic", "x", qos);

        (await client.ReadAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("some/topic")]
    [InlineData("Kuzzle/request/")]
    [InlineData("kuzzle/request")]
    public async Task With_pub_sub_allowed_other_topics_are_ordinary_ones(string topic)
    {
        await using var gateway = new MqttGateway(With(allowPubSub: true));
        var client = await gateway.ConnectAsync();
        await client.SubscribeAsync((topic, 0));

        await client.PublishAsync(topic, "{}");

        (await client.ReadPublishAsync()).Topic.ShouldBe(topic);
    }

    [Fact]
    public async Task With_pub_sub_allowed_retained_messages_work()
    {
        await using var gateway = new MqttGateway(With(allowPubSub: true));
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("some/topic", "{}", retain: true);
        await client.PublishAsync(RequestTopic, Now("fence"));
        await client.ReadPublishAsync();
        await client.SubscribeAsync(("some/topic", 0));

        (await client.ReadPublishAsync()).Retain.ShouldBeTrue();
    }

    [Fact]
    public async Task A_retained_request_is_a_request_and_nothing_is_retained()
    {
        await using var gateway = new MqttGateway(With(allowPubSub: true));
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(RequestTopic, Now("r1"), retain: true);

        ((string?)(await client.ReadPublishAsync()).Json["requestId"]).ShouldBe("r1");
        var watcher = gateway.Open(new OpenProfile(AnonymousAccess.Allowed));
        await watcher.ConnectAsync();
        await watcher.SubscribeAsync(("#", 0));
        await watcher.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task A_will_on_the_request_topic_is_executed_as_a_request()
    {
        await using var gateway = new MqttGateway();
        var listener = await gateway.ConnectAsync();
        var channel = await listener.JoinAsync();
        await listener.SubscribeAsync((channel, 0));

        var dying = await gateway.ConnectAsync(will: (RequestTopic, Publish("w1", "last words")));
        await dying.DieAsync();

        var notification = (await listener.ReadPublishAsync()).Json;
        ((string?)notification["result"]!["_source"]!["text"]).ShouldBe("last words");
        ((string?)notification["requestId"]).ShouldBe("w1");
    }

    [Fact]
    public async Task A_will_that_MQTT_5_delays_is_executed_when_its_time_has_come()
    {
        await using var gateway = new MqttGateway(new KuzzleMqttOptions { DisconnectDelay = TimeSpan.Zero });
        var listener = await gateway.ConnectAsync();
        var channel = await listener.JoinAsync();
        await listener.SubscribeAsync((channel, 0));

        var dying = gateway.Open();
        await dying.ConnectAsync(
            level: 5,
            will: (RequestTopic, Publish("w1", "last words")),
            properties: [0x11, 0, 0, 0, 60], // the session lives for a minute
            willProperties: [0x18, 0, 0, 0, 1]); // the will waits for a second
        await dying.DieAsync();
        await gateway.WhenGoneAsync(dying);

        ((string?)(await listener.ReadPublishAsync()).Json["requestId"]).ShouldBe("w1");
    }

    [Fact]
    public async Task A_will_on_a_topic_that_is_not_allowed_is_dropped()
    {
        await using var gateway = new MqttGateway();
        var listener = await gateway.ConnectAsync();
        await listener.SubscribeAsync(("some/topic", 0));

        var dying = await gateway.ConnectAsync(will: ("some/topic", "last words"));
        await dying.DieAsync();
        await gateway.WhenGoneAsync(dying);

        await listener.ShouldHearNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_notification_cannot_be_forged(int level)
    {
        await using var gateway = new MqttGateway(With(allowPubSub: true));
        var listener = await gateway.ConnectAsync();
        var channel = await listener.JoinAsync();
        await listener.SubscribeAsync((channel, 0));

        var forger = await gateway.ConnectAsync(level);
        await forger.PublishAsync(channel, """{"type":"document"}""", qos: 1);

        var puback = await forger.ReadAsync();
        puback!.Type.ShouldBe(WirePacket.Puback);
        if (level == 5) puback.Body[2].ShouldBe((byte)0x87);
        await listener.ShouldHearNothingAsync();
    }
}
