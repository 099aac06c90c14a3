using Kuzzle.Edge.Protocols.KuzzleV2;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>Who gets an answer: kuzzle-mqtt.md 1.6, and MQTT 5's own way of asking.</summary>
public sealed class AnswerRoutingTests
{
    private static readonly KuzzleMqttOptions Development = new() { DevelopmentMode = true, DevelopmentEnvironment = true };

    [Fact]
    public async Task An_answer_comes_without_a_subscription_at_QoS_0_and_not_retained()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(RequestTopic, Now("r1"));

        var answer = await client.ReadPublishAsync();
        answer.Topic.ShouldBe(ResponseTopic);
        answer.Qos.ShouldBe(0);
        answer.Retain.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_subscribed_gets_one_copy(byte qos)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        await client.SubscribeAsync((ResponseTopic, qos));

        await client.AskAsync(Now("r1"));

        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task Nobody_else_sees_an_answer_subscribed_or_not()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        var other = await gateway.ConnectAsync();
        await other.SubscribeAsync((ResponseTopic, 0));

        await client.AskAsync(Now("r1"));

        await other.ShouldHearNothingAsync();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task One_of_the_two_development_switches_changes_nothing(bool mode, bool environment)
    {
        await using var gateway = new MqttGateway(new KuzzleMqttOptions { DevelopmentMode = mode, DevelopmentEnvironment = environment });
        var client = await gateway.ConnectAsync();
        var other = await gateway.ConnectAsync();
        await other.SubscribeAsync((ResponseTopic, 0));

        await client.AskAsync(Now("r1"));

        await other.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task In_development_subscribers_see_the_answers_of_all_and_the_sender_nothing_extra()
    {
        await using var gateway = new MqttGateway(Development);
        var publisher = await gateway.ConnectAsync();
        var subscriber = await gateway.ConnectAsync();
        await subscriber.SubscribeAsync((ResponseTopic, 1));

        await publisher.PublishAsync(RequestTopic, Now("r1"));

        var answer = await subscriber.ReadPublishAsync();
        ((string?)answer.Json["requestId"]).ShouldBe("r1");
        answer.Qos.ShouldBe(0, "also for a subscriber at QoS 1");
        await publisher.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task In_development_an_error_is_public_too()
    {
        await using var gateway = new MqttGateway(Development);
        var publisher = await gateway.ConnectAsync();
        var subscriber = await gateway.ConnectAsync();
        await subscriber.SubscribeAsync((ResponseTopic, 0));

        await publisher.PublishAsync(RequestTopic, "not json");

        ((string?)(await subscriber.ReadPublishAsync()).Json["error"]!["id"]).ShouldBe("network.mqtt.unexpected_error");
    }

    [Fact]
    public async Task In_development_answers_are_not_retained()
    {
        await using var gateway = new MqttGateway(Development);
        var client = await gateway.ConnectAsync();
        await client.SubscribeAsync((ResponseTopic, 0));
        await client.AskAsync(Now("r1"));

        var late = await gateway.ConnectAsync();
        await late.SubscribeAsync((ResponseTopic, 0));

        await late.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task In_development_the_response_topic_is_still_not_for_clients_to_publish_on()
    {
        await using var gateway = new MqttGateway(Development with { AllowPubSub = true });
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(ResponseTopic, "{}");

        (await client.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task The_topics_are_those_of_the_configuration()
    {
        await using var gateway = new MqttGateway(new KuzzleMqttOptions { RequestTopic = "in", ResponseTopic = "out" });
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("in", Now("r1"));

        (await client.ReadPublishAsync()).Topic.ShouldBe("out");
    }

    [Fact]
    public async Task An_MQTT_5_request_is_answered_where_it_asks_for_with_its_correlation_data()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync(level: 5);
        var other = await gateway.ConnectAsync(level: 5);
        await other.SubscribeAsync(("answers/here", 0));

        await client.PublishAsync(RequestTopic, Now("r1"), properties: [0x08, 0, 12, .. "answers/here"u8, 0x09, 0, 3, 1, 2, 3]);

        var answer = await client.ReadPublishAsync();
        answer.Topic.ShouldBe("answers/here");
        answer.Version5.Properties.ShouldBe([0x09, 0, 3, 1, 2, 3]);
        ((string?)answer.Version5.Json["requestId"]).ShouldBe("r1");
        await other.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task An_MQTT_5_request_that_asks_for_nothing_is_answered_as_any_other()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync(level: 5);

        await client.PublishAsync(RequestTopic, Now("r1"));

        (await client.ReadPublishAsync()).Topic.ShouldBe(ResponseTopic);
    }

    [Fact]
    public void A_topic_with_a_wildcard_is_no_request_topic() =>
        Should.Throw<ArgumentException>(() => new KuzzleMqttOptions { RequestTopic = "Kuzzle/#" });
}
