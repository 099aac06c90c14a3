using System.Text;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>How notifications arrive, and what a session keeps: kuzzle-mqtt.md 1.7 and 1.8.</summary>
public sealed class NotificationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_notification_comes_on_the_topic_of_its_channel_at_QoS_0(byte qos)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        var channel = await client.JoinAsync();
        (await client.SubscribeAsync((channel, qos))).ShouldBe([qos]);
        var other = await gateway.ConnectAsync();

        await other.AskAsync(Publish("p1", "hello"));

        var notification = await client.ReadPublishAsync();
        notification.Topic.ShouldBe(channel);
        notification.Qos.ShouldBe(0);
        notification.Retain.ShouldBeFalse();
        notification.Json.ContainsKey("room").ShouldBeFalse("the topic is the room");
        ((string?)notification.Json["requestId"]).ShouldBe("p1");
        ((string?)notification.Json["protocol"]).ShouldBe("mqtt");
    }

    [Fact]
    public async Task Without_a_subscription_to_its_topic_a_channel_delivers_nothing()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        await client.JoinAsync();

        await client.AskAsync(Publish("p1", "hello"));

        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task The_examples_of_the_seed_work_in_one_client()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        var answer = await client.AskAsync(
            """{"index":"index","collection":"collection","controller":"realtime","action":"subscribe","requestId":"some unique ID","body":{"term":{"some":"filter"}}}""");
        var channel = (string)answer["result"]!["channel"]!;
        await client.SubscribeAsync((channel, 0));

        foreach (var text in (string[])["filter", "other"])
        {
            await client.PublishAsync(RequestTopic,
                $$"""{"index":"index","collection":"collection","controller":"realtime","action":"publish","body":{"some":"{{text}}"},"requestId":"p"}""");
        }

        WirePacket[] packets = [await client.ReadPublishAsync(), await client.ReadPublishAsync(), await client.ReadPublishAsync()];
        var notification = packets.Where(packet => packet.Topic == channel).ShouldHaveSingleItem();
        ((string?)notification.Json["result"]!["_source"]!["some"]).ShouldBe("filter");
        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task A_persistent_session_keeps_its_topics_and_loses_its_rooms()
    {
        await using var gateway = new MqttGateway(new() { DisconnectDelay = TimeSpan.Zero });
        var client = await gateway.ConnectAsync(clientId: "persistent", clean: false);
        var channel = await client.JoinAsync();
        await client.SubscribeAsync((channel, 1));
        await client.DisconnectAsync();
        await gateway.WhenGoneAsync(client);

        var other = await gateway.ConnectAsync();
        await other.AskAsync(Publish("p1", "missed"));
        var again = gateway.Open();
        var connack = await again.ConnectAsync(clientId: "persistent", clean: false);

        connack.Body[0].ShouldBe((byte)1, "the session is present");
        await again.ShouldHearNothingAsync(); // Nothing was queued for the absent one.
        gateway.Broker.Publish(new(channel, Encoding.UTF8.GetBytes("{}")));
        (await again.ReadPublishAsync()).Topic.ShouldBe(channel);
        ((int?)(await other.AskAsync("""{"controller":"realtime","action":"list","requestId":"l"}"""))["result"]!.AsObject().Count).ShouldBe(0);
    }
}
