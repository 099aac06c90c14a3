using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>What a client may not receive does not reach it, by whatever way.</summary>
public sealed class DeliveryCheckTests
{
    private static MqttMessage Message(string topic, string payload, QualityOfService qos = QualityOfService.AtLeastOnce, bool retain = false) =>
        new(topic, System.Text.Encoding.UTF8.GetBytes(payload)) { Qos = qos, Retain = retain };

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_live_message_is_passed_over(QualityOfService qos)
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("#", 2);

        broker.Broker.Publish(Message("secret/plan", "1", qos));
        broker.Broker.Publish(Message("news", "2", qos));

        (await client.ReceivePublishAsync()).Payload.ShouldBe("2");
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task A_retained_message_is_passed_over(QualityOfService qos)
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        broker.Broker.Publish(Message("secret/plan", "1", qos, retain: true));
        broker.Broker.Publish(Message("topmost", "2", qos, retain: true));
        var client = await broker.ConnectAsync("a");

        await client.SubscribeAsync("#", 1);

        (await client.ReceivePublishAsync()).Payload.ShouldBe("2");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_queued_message_is_judged_when_it_is_sent()
    {
        var profile = new TrustingProfile { ChecksDeliveries = false };
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("#", 1);
        await client.BreakAsync();
        broker.Broker.Publish(Message("secret/plan", "1"));
        broker.Broker.Publish(Message("news", "2"));

        profile.ChecksDeliveries = true;
        var (again, _) = await broker.ResumeAsync("a");

        (await again.ReceivePublishAsync()).Payload.ShouldBe("2");
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_message_in_flight_is_not_sent_again_to_who_may_not_get_it_any_more()
    {
        var profile = new TrustingProfile { ChecksDeliveries = false };
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("#", 1);
        broker.Broker.Publish(Message("secret/plan", "1"));
        await client.ReceivePublishAsync();
        await client.BreakAsync();

        profile.ChecksDeliveries = true;
        var (again, _) = await broker.ResumeAsync("a");

        await again.ExpectNothingAsync();
        broker.Broker.Publish(Message("news", "2"));
        (await again.ReceivePublishAsync()).Payload.ShouldBe("2");
    }

    [Fact]
    public async Task A_member_of_a_shared_subscription_does_not_swallow_what_it_may_not_get()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var boss = await broker.OpenAsync(Packet.Connect("boss", user: "boss"));
        await boss.ReceiveAsync();
        var spy = await broker.ConnectAsync("spy");
        await boss.SubscribeAsync("$share/g/#", 1);
        await spy.SubscribeAsync("$share/g/#", 1);

        for (var i = 0; i < 4; i++) broker.Broker.Publish(Message("secret/plan", $"{i}"));

        for (var i = 0; i < 4; i++) (await boss.ReceivePublishAsync()).Payload.ShouldBe($"{i}");
        await spy.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4, "20020005")]
    [InlineData(5, "2003008700")]
    public async Task A_connect_whose_will_would_not_be_allowed_is_refused(int version, string connack)
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };

        var client = await broker.OpenAsync(Packet.Connect("a", version, will: new Packet.Will("secret/will", "x")), version);

        await client.ExpectClosedAsync(Convert.FromHexString(connack));
        broker.Broker.Core.Sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_program_sends_to_a_client_itself_is_not_asked_about()
    {
        var profile = new TrustingProfile();
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = await broker.ConnectAsync("a");

        profile.LastConnected.ShouldNotBeNull().Send(Message("secret/answer", "x", QualityOfService.AtMostOnce));

        (await client.ReceivePublishAsync()).Topic.ShouldBe("secret/answer");
    }
}
