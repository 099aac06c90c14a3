using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 3 of docs/conformance.md, where no other test says it: sessions, expiry and wills.</summary>
public sealed class SessionAndWillTests
{
    [Fact]
    public async Task A_will_without_payload_is_published_and_clears_what_is_retained()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(new MqttMessage("t", "kept"u8.ToArray()) { Retain = true });
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("t");
        _ = await watcher.ReceivePublishAsync();
        var client = await broker.ConnectAsync("a", will: new Packet.Will("t", "", Retain: true));

        await client.BreakAsync();

        (await watcher.ReceivePublishAsync()).Payload.ShouldBeEmpty();
        broker.Broker.Core.Retained.Count.ShouldBe(0, "[MQTT-3.3.1-10]");
    }

    [Fact]
    public async Task Retained_messages_do_not_belong_to_the_session_that_set_them()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SendAsync(Packet.Publish("t", "kept", retain: true));
        await client.LeaveAsync();

        var again = await broker.ConnectAsync("a");
        await again.SubscribeAsync("t");

        (await again.ReceivePublishAsync()).Payload.ShouldBe("kept", "[MQTT-3.1.2-7]");
    }

    [Fact]
    public async Task A_will_keeps_every_property_it_has()
    {
        byte[][] properties =
        [
            Packet.Property(0x01, [0]),
            Packet.Property(0x03, Packet.Text("text/plain")),
            Packet.Property(0x08, Packet.Text("answers")),
            Packet.Property(0x09, Packet.Field([0, 1, 2])),
            Packet.Property(0x26, [.. Packet.Text("b"), .. Packet.Text("1")]),
            Packet.Property(0x26, [.. Packet.Text("a"), .. Packet.Text("2")]),
            Packet.Property(0x26, [.. Packet.Text("b"), .. Packet.Text("1")]),
        ];
        await using var broker = new BrokerUnderTest();
        var watcher = await broker.ConnectAsync("watcher", 5);
        await watcher.SubscribeAsync("w");
        var client = await broker.ConnectAsync("a", 5, will: new Packet.Will("w", "gone") { Properties = properties });

        await client.BreakAsync();

        (await watcher.ReceivePublishAsync()).Properties.ShouldBe(properties.SelectMany(property => property).ToArray(), "[MQTT5-3.3.2-4] [MQTT5-3.3.2-17]");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    public async Task The_expiry_that_DISCONNECT_names_holds(uint expiry)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x11, Packet.Wide(1000))]);

        await client.SendAsync(Packet.Frame(0xE0, [0], Packet.Properties(Packet.Property(0x11, Packet.Wide(expiry)))));
        await client.ExpectClosedAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(expiry + 0.1));

        broker.Broker.Core.Sessions.Count.ShouldBe(0, "5.0 3.14.2.2.2");
    }
}
