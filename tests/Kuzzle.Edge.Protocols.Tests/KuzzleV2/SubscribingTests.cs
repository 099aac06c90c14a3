using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>What a client may subscribe to: the table of kuzzle-mqtt.md 1.4.</summary>
public sealed class SubscribingTests
{
    [Theory]
    [InlineData(4, "Kuzzle/request", 0x80)]
    [InlineData(5, "Kuzzle/request", 0x87)]
    [InlineData(5, "$share/group/Kuzzle/request", 0x87)]
    public async Task A_subscription_to_the_request_topic_is_refused_and_the_connection_stays(int level, string filter, int code)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync(level);

        (await client.SubscribeAsync((filter, 0))).ShouldBe([(byte)code]);

        var other = await gateway.ConnectAsync();
        await other.AskAsync(Now("r1"));
        await client.ShouldHearNothingAsync();
    }

    [Theory]
    [InlineData("#")]
    [InlineData("Kuzzle/+")]
    [InlineData("some/#")]
    [InlineData("in+side")]
    [InlineData("in#side")]
    public async Task A_wildcard_closes_the_connection_without_an_answer(string filter)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        (await client.SubscribeAsync((filter, 0))).ShouldBeNull();
    }

    [Fact]
    public async Task One_bad_filter_costs_the_others_of_its_packet()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync(clientId: "persistent", clean: false);

        (await client.SubscribeAsync(("good", 0), ("bad/#", 0))).ShouldBeNull();

        await gateway.WhenGoneAsync(client);
        var again = await gateway.ConnectAsync(clientId: "persistent", clean: false);
        gateway.Broker.Publish(new("good", "{}"u8.ToArray()));
        await again.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task The_request_topic_among_others_is_refused_alone()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        (await client.SubscribeAsync(("one", 1), (RequestTopic, 0), ("two", 2))).ShouldBe([1, 0x80, 2]);
    }

    [Theory]
    [InlineData("Kuzzle/response", 0)]
    [InlineData("Kuzzle/response", 1)]
    [InlineData("0123abcd-311", 1)]
    [InlineData("some/topic", 2)]
    [InlineData("$SYS/uptime", 0)]
    public async Task Anything_else_is_granted_as_asked(string filter, byte qos)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        (await client.SubscribeAsync((filter, qos))).ShouldBe([qos]);
    }

    [Fact]
    public async Task A_client_that_listens_on_the_channel_of_another_gets_its_notifications()
    {
        await using var gateway = new MqttGateway(new() { ShareChannels = true });
        var owner = await gateway.ConnectAsync();
        var channel = await owner.JoinAsync();
        var other = await gateway.ConnectAsync();
        await other.SubscribeAsync((channel, 0));

        await owner.AskAsync(Publish("p1", "hello"));

        var notification = await other.ReadPublishAsync();
        notification.Topic.ShouldBe(channel);
        ((string?)notification.Json["result"]!["_source"]!["text"]).ShouldBe("hello");
        await owner.ShouldHearNothingAsync();
    }
}
