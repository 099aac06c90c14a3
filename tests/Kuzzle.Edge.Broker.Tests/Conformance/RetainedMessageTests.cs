using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 7 of docs/conformance.md, where no other test says it: retained messages.</summary>
public sealed class RetainedMessageTests
{
    [Fact]
    public async Task A_message_without_RETAIN_leaves_the_retained_one()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SendAsync(Packet.Publish("t", "kept", retain: true), Packet.Publish("t", "passing"), Packet.Publish("t", ""));

        await client.SubscribeAsync("t");

        (await client.ReceivePublishAsync()).Payload.ShouldBe("kept", "[MQTT-3.3.1-12]");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Resuming_a_session_brings_no_retained_messages(int version)
    {
        await using var broker = new BrokerUnderTest();
        byte[][] lasting = version == 5 ? [Packet.Property(0x11, Packet.Wide(100))] : [];
        broker.Broker.Publish(new MqttMessage("t", "kept"u8.ToArray()) { Retain = true });
        var (client, _) = await broker.ResumeAsync("a", version, lasting);
        await client.SubscribeAsync("t");
        _ = await client.ReceivePublishAsync();
        await client.BreakAsync();

        var (again, isPresent) = await broker.ResumeAsync("a", version, lasting);

        isPresent.ShouldBeTrue();
        await again.ExpectNothingAsync(); // 5.0 3.3.1.3: only SUBSCRIBE asks for them
    }

    [Theory]
    [InlineData(0x00, true, "[MQTT5-3.3.1-9]")]
    [InlineData(0x10, false, "[MQTT5-3.3.1-10]: it is not new in a session that was resumed")]
    [InlineData(0x20, false, "[MQTT5-3.3.1-11]")]
    public async Task Retain_handling_knows_the_subscriptions_of_a_resumed_session(int handling, bool comes, string clause)
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var (client, _) = await broker.ResumeAsync("a", 5, lasting);
        await client.SubscribeAsync("t");
        await client.BreakAsync();
        broker.Broker.Publish(new MqttMessage("t", "kept"u8.ToArray()) { Retain = true });
        var (again, _) = await broker.ResumeAsync("a", 5, lasting);

        await again.SubscribeAsync("t", handling);

        if (comes) (await again.ReceivePublishAsync()).Payload.ShouldBe("kept", clause);
        await again.ExpectNothingAsync();
    }
}
