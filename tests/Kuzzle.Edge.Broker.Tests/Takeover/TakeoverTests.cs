using Kuzzle.Edge.Broker.Tests.Durability;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Takeover;

public sealed class TakeoverTests
{
    [Fact]
    public async Task The_older_connection_is_told_and_closed()
    {
        await using var broker = new BrokerUnderTest();
        var older = await broker.ConnectAsync("a", 5);

        var newer = await broker.ConnectAsync("a", 5);

        await older.ExpectClosedAsync(0xE0, 1, 0x8E);
        await newer.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_was_in_flight_moves_over()
    {
        await using var broker = new BrokerUnderTest();
        var older = await broker.ConnectAsync("a", clean: false);
        await older.SubscribeAsync("t", 1);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });
        var message = await older.ReceivePublishAsync();

        var (newer, present) = await broker.ResumeAsync("a");

        present.ShouldBeTrue();
        (await newer.ReceivePublishAsync()).ShouldBe(message with { Dup = true }, ReceivedComparer.Instance);
    }

    [Fact]
    public async Task A_refused_connect_leaves_the_live_session_alone()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");

        var intruder = await broker.OpenAsync(Packet.Connect("a", 5, properties: [Packet.Property(0x15, Packet.Text("x"))]), 5);
        await intruder.ExpectClosedAsync(0x20, 3, 0, 0x8C, 0);

        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()));
        (await client.ReceivePublishAsync()).Payload.ShouldBe("x");
    }

    [Fact]
    public async Task After_a_burst_of_takeovers_one_connection_is_left_and_works()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("will");
        var clients = new List<WireClient>();
        for (var i = 0; i < 600; i++) clients.Add(broker.Open());
        byte[] opening = [.. Packet.Connect("a", clean: false, will: new Packet.Will("will", "w")), .. Packet.Subscribe(1, ("t", 1))];

        await Parallel.ForEachAsync(clients, async (client, _) => await client.SendAsync(opening));
        while (clients.Count(client => !client.Served.IsCompleted) > 1)
        {
            await Task.Yield();
        }

        var survivor = clients.Single(client => !client.Served.IsCompleted);
        (await survivor.ReceiveAsync())[0].ShouldBe((byte)0x20);
        (await survivor.ReceiveAsync())[0].ShouldBe((byte)0x90);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });
        (await survivor.ReceivePublishAsync()).Payload.ShouldBe("x");
        broker.Broker.Core.Metrics.Clients.ShouldBe(2);
    }

    [Fact]
    public async Task Who_is_taken_over_before_it_was_let_in_hears_nothing()
    {
        var store = new ModelBrokerStore();
        await using var broker = await BrokerUnderTest.StartAsync(store);
        store.Hold();
        var older = await broker.OpenAsync(Packet.Connect("a", 5, clean: false, properties: [Packet.Property(0x11, Packet.Wide(100))]), 5);
        await store.Waits; // Else the two race for who is the older.

        var newer = await broker.OpenAsync(Packet.Connect("a", 5, clean: false, properties: [Packet.Property(0x11, Packet.Wide(100))]), 5);

        await older.ExpectClosedAsync(); // Not even why, for a DISCONNECT is nothing without CONNACK. [MQTT5-3.14.0-1]
        store.Release();
        (await newer.ReceiveAsync())[0].ShouldBe((byte)0x20);
        await newer.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_slow_reader_does_not_hold_its_successor_up()
    {
        await using var broker = new BrokerUnderTest();
        var older = await broker.ConnectAsync("a");
        await older.SubscribeAsync("t");
        for (var i = 0; i < 100; i++) broker.Broker.Publish(new MqttMessage("t", new byte[50_000]));

        var newer = await broker.ConnectAsync("a");

        await newer.ExpectNothingAsync();
        older.Served.IsCompleted.ShouldBeFalse("what was sent before may still leave, for a while");
        await broker.TurnClockUntilAsync(older.Served);
    }
}
