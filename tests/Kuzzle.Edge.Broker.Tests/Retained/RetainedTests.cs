using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Retained;

public sealed class RetainedTests
{
    [Fact]
    public async Task The_last_message_waits_for_new_subscribers_and_the_lower_quality_counts()
    {
        await using var broker = new BrokerUnderTest();
        var publisher = await broker.ConnectAsync("p");
        await publisher.SendAsync(Packet.Publish("a/b", "old", retain: true), Packet.Publish("a/b", "new", 1, id: 1, retain: true), Packet.Publish("a/b", "live"));
        await publisher.ExpectAsync(Packet.Puback(1));
        await publisher.ExpectNothingAsync();
        var subscriber = await broker.ConnectAsync("s");

        await subscriber.SubscribeAsync("a/+");

        (await subscriber.ReceivePublishAsync()).ShouldBe(new Received("a/b", "new", 0, 0, Retain: true, Dup: false, []), ReceivedComparer.Instance, "[MQTT-3.3.1-8]");
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task An_empty_payload_clears_and_is_delivered_live()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SendAsync(Packet.Publish("t", "x", retain: true));
        await client.SubscribeAsync("t");
        (await client.ReceivePublishAsync()).Retain.ShouldBeTrue();

        await client.SendAsync(Packet.Publish("t", "", retain: true));

        var live = await client.ReceivePublishAsync();
        live.Payload.ShouldBeEmpty();
        live.Retain.ShouldBeFalse("[MQTT-3.3.1-9]");
        await client.SubscribeAsync("t");
        await client.ExpectNothingAsync();
        broker.Broker.Core.Retained.Count.ShouldBe(0, "[MQTT-3.3.1-11]");
        broker.Broker.Core.Retained.Bytes.ShouldBe(0);
    }

    [Theory]
    [InlineData("#", new[] { "a", "a/b", "a//c", "/" })]
    [InlineData("+", new[] { "a" })]
    [InlineData("a/#", new[] { "a", "a/b", "a//c" })]
    [InlineData("a/+/c", new[] { "a//c" })]
    [InlineData("+/+", new[] { "a/b", "/" })]
    [InlineData("$SYS/#", new[] { "$SYS/x" })]
    [InlineData("a/b", new[] { "a/b" })]
    [InlineData("a/b/c", new string[0])]
    public async Task A_filter_finds_its_retained_messages(string filter, string[] topics)
    {
        await using var broker = new BrokerUnderTest();
        foreach (var topic in (string[])["a", "a/b", "a//c", "/", "$SYS/x"]) broker.Broker.Publish(new MqttMessage(topic, "x"u8.ToArray()) { Retain = true });
        var client = await broker.ConnectAsync("a");

        await client.SubscribeAsync(filter);

        var found = new List<string>();
        for (var i = 0; i < topics.Length; i++) found.Add((await client.ReceivePublishAsync()).Topic);
        found.ShouldBe(topics, ignoreOrder: true);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(0x00, true, true, "[MQTT5-3.3.1-9]")]
    [InlineData(0x10, true, false, "[MQTT5-3.3.1-10]")]
    [InlineData(0x20, false, false, "[MQTT5-3.3.1-11]")]
    public async Task Retain_handling_decides(int handling, bool first, bool second, string clause)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Retain = true });
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x11, Packet.Wide(100))]);
        foreach (var comes in (bool[])[first, second])
        {
            await client.SubscribeAsync("t", handling);
            if (comes) (await client.ReceivePublishAsync()).Retain.ShouldBeTrue(clause);
            await client.ExpectNothingAsync();
        }

        await client.BreakAsync();
        var (again, _) = await broker.ResumeAsync("a", 5);
        await again.ExpectNothingAsync();
        await again.SubscribeAsync("t", handling);
        if (second) (await again.ReceivePublishAsync()).Retain.ShouldBeTrue("after a resume the subscription is not new");
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retain_as_published_keeps_the_flag_of_live_messages()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        await client.SubscribeAsync("keeps/+", 0x08);
        await client.SubscribeAsync("clears/+");

        await client.SendAsync(Packet.Publish5("keeps/1", "x", retain: true), Packet.Publish5("clears/1", "x", retain: true));

        (await client.ReceivePublishAsync()).Retain.ShouldBeTrue("[MQTT5-3.3.1-13]");
        (await client.ReceivePublishAsync()).Retain.ShouldBeFalse("[MQTT5-3.3.1-12]");
    }

    [Fact]
    public async Task Ten_thousand_retained_messages_reach_a_client_that_reads_at_its_leisure()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPendingOutputBytes = 8192, MaxQueuedMessages = 10 });
        for (var i = 0; i < 10_000; i++)
        {
            broker.Broker.Publish(new MqttMessage($"t/{i}", "0123456789"u8.ToArray()) { Retain = true, Qos = (Mqtt.QualityOfService)(i % 2) });
        }

        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t/#", 1);
        var topics = new HashSet<string>();
        while (topics.Count < 10_000)
        {
            var message = await client.ReceivePublishAsync();
            topics.Add(message.Topic).ShouldBeTrue();
            if (message.Qos == 1) await client.SendAsync(Packet.Puback(message.Id));
        }

        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_full_store_keeps_what_it_has_and_delivers_live()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxRetainedMessages = 1 });
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("+");

        await client.SendAsync(Packet.Publish("1", "x", retain: true), Packet.Publish("2", "y", retain: true), Packet.Publish("1", "z", retain: true));

        foreach (var payload in (string[])["x", "y", "z"]) (await client.ReceivePublishAsync()).Payload.ShouldBe(payload);
        await client.SubscribeAsync("#");
        (await client.ReceivePublishAsync()).Payload.ShouldBe("z");
        await client.ExpectNothingAsync();
    }
}
