using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Expiry;

public sealed class MessageExpiryTests
{
    [Fact]
    public async Task What_expired_in_the_queue_is_not_sent_and_the_rest_says_how_long_it_lives()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var client = await broker.ConnectAsync("a", 5, properties: [lasting]);
        await client.SubscribeAsync("t", 1);
        await client.BreakAsync();
        var publisher = await broker.ConnectAsync("p", 5);
        await publisher.SendAsync(Packet.Publish5("t", "short", 1, 1, properties: Expiry(1)), Packet.Publish5("t", "long", 1, 2, properties: Expiry(6)));
        await publisher.ExpectAsync(Packet.Puback(1));
        await publisher.ExpectAsync(Packet.Puback(2));

        broker.Clock.Advance(TimeSpan.FromSeconds(3));
        var (again, _) = await broker.ResumeAsync("a", 5, lasting);

        var message = await again.ReceivePublishAsync();
        message.Payload.ShouldBe("long", "[MQTT5-3.3.2-5]");
        message.Properties.ShouldBe(Expiry(3), "[MQTT5-3.3.2-6]");
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_message_that_is_delivered_at_once_keeps_its_interval()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        await client.SubscribeAsync("t");

        await client.SendAsync(Packet.Publish5("t", "x", properties: Expiry(7)));

        (await client.ReceivePublishAsync()).Properties.ShouldBe(Expiry(7));
    }

    [Fact]
    public async Task Retained_messages_expire_and_are_removed()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Retain = true, ExpirySeconds = 40 });
        var client = await broker.ConnectAsync("a", 5);
        broker.Clock.Advance(TimeSpan.FromSeconds(10));
        await client.SubscribeAsync("t");
        (await client.ReceivePublishAsync()).Properties.ShouldBe(Expiry(30));

        broker.Clock.Advance(TimeSpan.FromSeconds(30));
        await client.SubscribeAsync("t");
        await client.ExpectNothingAsync();

        broker.Clock.Advance(TimeSpan.FromSeconds(60));
        broker.Broker.Core.Retained.Count.ShouldBe(0);
        broker.Broker.Core.Retained.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_already_started_is_sent_again_though_it_expired()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var client = await broker.ConnectAsync("a", 5, properties: [lasting]);
        await client.SubscribeAsync("t", 1);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = Mqtt.QualityOfService.AtLeastOnce, ExpirySeconds = 1 });
        _ = await client.ReceivePublishAsync();
        await client.BreakAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(5));

        var (again, _) = await broker.ResumeAsync("a", 5, lasting);

        (await again.ReceivePublishAsync()).Dup.ShouldBeTrue("[MQTT5-4.3.3-7]");
    }

    private static byte[] Expiry(uint seconds) => Packet.Property(0x02, Packet.Wide(seconds));
}
