using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 8 of docs/conformance.md, where no other test says it: DISCONNECT, errors, $SYS.</summary>
public sealed class EndingTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Behind_DISCONNECT_nothing_is_read_and_nothing_is_sent(int version)
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");
        var client = await broker.ConnectAsync("a", version);
        var publish = version == 5 ? Packet.Publish5("t", "late", 1, id: 1, retain: true) : Packet.Publish("t", "late", 1, id: 1, retain: true);

        await client.SendAsync([.. Packet.Disconnect, .. publish, .. Packet.Pingreq]);

        await client.ExpectClosedAsync(); // [MQTT-3.14.4-1] [MQTT-3.14.4-2]
        await watcher.ExpectNothingAsync();
        broker.Broker.Core.Retained.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Behind_a_violation_nothing_is_read()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync([.. Packet.Publish5("t", "before"), 0x36, 0, .. Packet.Publish5("t", "after")]);

        await client.ExpectClosedAsync(0xE0, 1, 0x81); // [MQTT5-4.13.1-1]
        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("before");
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("$SYS/#", true)]
    [InlineData("$SYS/broker/uptime", true)]
    [InlineData("#", false)]
    [InlineData("+/broker/uptime", false)]
    [InlineData("+/#", false)]
    public async Task The_brokers_own_topics_are_seen_by_who_names_them(string filter, bool seen)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync(filter);

        broker.Broker.Publish(new MqttMessage("$SYS/broker/uptime", "1"u8.ToArray()));

        if (seen) (await client.ReceivePublishAsync()).Topic.ShouldBe("$SYS/broker/uptime", "[MQTT-4.7.2-1]");
        await client.ExpectNothingAsync();
    }
}
