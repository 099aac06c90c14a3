using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Bounds;

public sealed class BoundTests
{
    private static readonly byte[] Lasting = Packet.Property(0x11, Packet.Wide(1000));

    [Theory]
    [InlineData(5, 1, "4003000297", "5.0: refused whole")]
    [InlineData(5, 2, "5003000297", "5.0: refused whole")]
    [InlineData(5, 0, "", "QoS 0 has no answer")]
    [InlineData(4, 1, "40020002", "3.1.1 has no word for it")]
    [InlineData(4, 2, "50020002", "3.1.1 has no word for it")]
    public async Task A_full_retained_store_refuses_who_can_be_told(int version, int qos, string answer, string why)
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxRetainedMessages = 1 });
        broker.Broker.Publish(new MqttMessage("kept", "x"u8.ToArray()) { Retain = true });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("more", 1);
        var publisher = await broker.ConnectAsync("p", version);

        await publisher.SendAsync(version == 5 ? Packet.Publish5("more", "y", qos, 2, retain: true) : Packet.Publish("more", "y", qos, 2, retain: true));

        if (answer.Length > 0) Convert.ToHexString(await publisher.ReceiveAsync()).ShouldBe(answer, why);
        await publisher.ExpectNothingAsync();
        var isRefused = answer.EndsWith("97", StringComparison.Ordinal);
        if (!isRefused) (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("y");
        await subscriber.ExpectNothingAsync();
        broker.Broker.Core.Retained.Count.ShouldBe(1);
        broker.Broker.Core.Metrics.CountDropped(DropReason.RetainedFull).ShouldBe(1);
        if (!isRefused || qos != 2) return;

        await publisher.SendAsync(Packet.Publish5("more", "z", 2, 2));
        await publisher.ExpectAsync(0x50, 2, 0, 2); // The identifier is free again. [MQTT5-4.3.3-4]
    }

    [Fact]
    public async Task The_retained_store_has_a_bound_of_bytes_and_replacing_needs_no_more_room()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxRetainedBytes = 1000 });
        var client = await broker.ConnectAsync("p", 5);
        foreach (var (topic, size, code) in ((string, int, byte)[])[("a", 600, 0x10), ("b", 600, 0x97), ("a", 900, 0x10), ("a", 1000, 0x97), ("b", 90, 0x10), ("a", 0, 0x10), ("b", 900, 0x10)])
        {
            await client.SendAsync(Packet.Publish5(topic, new string('x', size), 1, 1, retain: true));
            (await client.ReceiveAsync()).ShouldBe([0x40, 3, 0, 1, code], $"{topic}: {size}");
        }

        broker.Broker.Core.Retained.Bytes.ShouldBe(901);
    }

    [Fact]
    public async Task The_total_of_what_waits_is_bounded_over_all_sessions()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxTotalQueuedBytes = 100_000 });
        for (var i = 0; i < 10; i++)
        {
            var client = await broker.ConnectAsync($"{i}", 5, properties: [Lasting]);
            await client.SubscribeAsync("t", 1);
            await client.BreakAsync();
        }

        for (var i = 0; i < 50; i++) broker.Broker.Publish(Message("t", 1, 1000));

        broker.Broker.Core.Metrics.QueuedBytes.ShouldBeInRange(95_000, 100_000);
        broker.Broker.Core.Metrics.CountDropped(DropReason.TotalFull).ShouldBeInRange(400, 420);
        var (first, _) = await broker.ResumeAsync("0", 5, Lasting);
        for (var i = 0; i < 9; i++) (await first.ReceivePublishAsync()).Payload.Length.ShouldBe(1000);
        broker.Broker.Publish(Message("t", 1, 500));
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBeLessThanOrEqualTo(100_000, "what was taken has made room for others, within the bound");
    }

    [Fact]
    public async Task Qos_0_gives_way_before_what_was_promised()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxTotalQueuedBytes = 2_000_000 });
        var absent = await broker.ConnectAsync("absent", 5, properties: [Lasting]);
        await absent.SubscribeAsync("promised", 1);
        await absent.BreakAsync();
        var sleepers = new List<WireClient>();
        for (var i = 0; i < 20; i++)
        {
            sleepers.Add(await broker.ConnectAsync($"sleeper {i}"));
            await sleepers[^1].SubscribeAsync("loose");
        }

        for (var i = 0; i < 1000; i++) broker.Broker.Publish(Message("loose", 0, 1000));
        broker.Broker.Core.Metrics.PendingBytes.ShouldBeInRange(500_000, 1_600_000, "half of all, and 16 KiB each besides as their buffers are");
        for (var i = 0; i < 300; i++) broker.Broker.Publish(Message("promised", 1, 1000));

        broker.Broker.Core.Metrics.CountDropped(DropReason.SlowReader).ShouldBeGreaterThan(0);
        broker.Broker.Core.Metrics.CountDropped(DropReason.TotalFull).ShouldBe(0);
        var (again, _) = await broker.ResumeAsync("absent", 5, Lasting);
        for (var i = 0; i < 300; i++)
        {
            var message = await again.ReceivePublishAsync();
            await again.SendAsync(Packet.Puback(message.Id));
        }

        foreach (var sleeper in sleepers) await sleeper.BreakAsync();
        await again.ExpectNothingAsync();
        broker.Broker.Core.Metrics.PendingBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Who_never_acknowledges_holds_no_more_in_flight_than_may_wait_for_it()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxQueuedBytes = 50_000, MaxInFlight = 1000 });
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", 2);
        for (var i = 0; i < 200; i++) broker.Broker.Publish(Message("t", 1 + (i % 2), 1000));

        var inFlight = new Queue<Received>();
        for (var i = 0; i < 50; i++) inFlight.Enqueue(await client.ReceivePublishAsync());
        await client.ExpectNothingAsync();

        broker.Broker.Core.Metrics.InFlightBytes.ShouldBeInRange(50_000, 51_100);
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBeLessThanOrEqualTo(50_000);
        broker.Broker.Core.Metrics.CountDropped(DropReason.QueueFull).ShouldBeGreaterThan(100 - 10);
        var rest = 0;
        while (inFlight.TryDequeue(out var message))
        {
            await client.SendAsync(message.Qos == 1 ? Packet.Puback(message.Id) : Packet.Pubrec(message.Id), Packet.Pingreq);
            for (byte[] packet; (packet = await client.ReceiveAsync())[0] != 0xD0;)
            {
                if (packet[0] == 0x62) await client.SendAsync(Packet.Pubcomp((packet[2] << 8) | packet[3]));
                else inFlight.Enqueue(Received.Parse(packet, 4));
                rest++;
            }
        }

        await client.ExpectNothingAsync();
        rest.ShouldBeGreaterThan(40);
        broker.Broker.Core.Metrics.InFlightBytes.ShouldBe(0);
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_subscriber_that_never_reads_costs_its_bounds_and_slows_nobody(int qos)
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPendingOutputBytes = 100_000, MaxQueuedBytes = 200_000 });
        var sleeper = await broker.ConnectAsync("sleeper");
        await sleeper.SubscribeAsync("t", qos);
        var reader = await broker.ConnectAsync("reader");
        await reader.SubscribeAsync("t", 0);
        var metrics = broker.Broker.Core.Metrics;

        for (var i = 0; i < 1000; i++)
        {
            broker.Broker.Publish(Message("t", qos, 5_000));
            (await reader.ReceivePublishAsync()).Payload.Length.ShouldBe(5_000);
            metrics.QueuedBytes.ShouldBeLessThanOrEqualTo(200_000);
            metrics.PendingBytes.ShouldBeLessThanOrEqualTo(400_000, "two copies while one is handed over, in buffers that double");
            metrics.InFlightBytes.ShouldBeLessThanOrEqualTo(205_100);
        }

        metrics.CountDropped(qos == 0 ? DropReason.SlowReader : DropReason.QueueFull).ShouldBeGreaterThan(800);
        await sleeper.BreakAsync();
        (metrics.QueuedBytes, metrics.InFlightBytes, metrics.PendingBytes).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Connections_beyond_the_rate_are_turned_away_unheard()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxConnectionsPerSecond = 4 });
        for (var i = 0; i < 4; i++) _ = await broker.ConnectAsync($"{i}");

        await (await broker.OpenAsync(Packet.Connect("late"))).ExpectClosedAsync();

        broker.Clock.Advance(TimeSpan.FromSeconds(0.25));
        _ = await broker.ConnectAsync("in time");
        await (await broker.OpenAsync(Packet.Connect("late again"))).ExpectClosedAsync();
        broker.Broker.Core.Metrics.ConnectionsTurnedAway.Of("max_connections_per_second").ShouldBe(2);
    }

    [Fact]
    public async Task What_ends_or_refuses_is_counted_by_its_reason()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxSessions = 3, MaxSubscriptionsPerSession = 1, MaxConnections = 3 });
        var metrics = broker.Broker.Core.Metrics;
        var client = await broker.ConnectAsync("a", 5, keepAlive: 10);
        await client.SendAsync(Packet.Subscribe5(1, [], ("a", 0), ("b", 0), ("#/", 0)));
        _ = await client.ReceiveAsync();
        await (await broker.ConnectAsync("b")).LeaveAsync();
        await (await broker.ConnectAsync("b")).BreakAsync();
        var violator = await broker.ConnectAsync("b", 5);
        await violator.SendAsync(Packet.Publish5("", "x"));
        _ = await violator.ReceiveToEndAsync();
        await (await broker.OpenAsync(Packet.Connect("", clean: false))).ExpectClosedAsync(0x20, 2, 0, 2);
        foreach (var name in (string[])["b", "c"]) _ = await broker.ConnectAsync(name);
        await (await broker.OpenAsync(Packet.Connect("d"))).ExpectClosedAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(16));
        await client.ExpectClosedAsync(0xE0, 1, 0x8D);

        metrics.SubscriptionsRefused.Of("quota_exceeded").ShouldBe(1);
        metrics.SubscriptionsRefused.Of("topic_filter_invalid").ShouldBe(1);
        foreach (var reason in (string[])["normal", "lost", "protocol_error", "keep_alive_timeout"]) metrics.Disconnections.Of(reason).ShouldBe(1, reason);
        metrics.ConnectionsRefused.Of("client_identifier_not_valid").ShouldBe(1);
        metrics.ConnectionsTurnedAway.Of("max_connections").ShouldBe(1);
    }

    private static MqttMessage Message(string topic, int qos, int size) => new(topic, new byte[size]) { Qos = (QualityOfService)qos };
}
