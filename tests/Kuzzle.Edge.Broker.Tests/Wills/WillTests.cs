using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Wills;

public sealed class WillTests
{
    private static readonly Packet.Will Farewell = new("will", "gone");

    [Fact]
    public async Task A_lost_connection_publishes_the_will_with_its_qos_and_retain()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        var client = await broker.ConnectAsync("c", will: Farewell with { Qos = 1, Retain = true });

        await client.BreakAsync();

        (await watcher.ReceivePublishAsync()).ShouldBe(new Received("will", "gone", 1, 1, Retain: false, Dup: false, []), ReceivedComparer.Instance, "[MQTT-3.1.2-8]");
        broker.Broker.Core.Retained.Count.ShouldBe(1, "[MQTT-3.1.2-17]");
    }

    [Theory]
    [InlineData(4, "E000", false, "[MQTT-3.14.4-3]")]
    [InlineData(5, "E000", false, "[MQTT5-3.14.4-3]")]
    [InlineData(5, "E00104", true, "[MQTT5-3.1.2-10]: with will")]
    [InlineData(4, "F000", true, "[MQTT-3.1.2-8]: a violation")]
    [InlineData(5, "3600", true, "[MQTT5-3.1.2-8]: a violation")]
    public async Task How_a_client_goes_decides(int version, string last, bool published, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        var client = await broker.ConnectAsync("c", version, will: Farewell);

        await client.SendAsync(Convert.FromHexString(last));
        _ = await client.ReceiveToEndAsync();

        if (published) (await watcher.ReceivePublishAsync()).Payload.ShouldBe("gone", clause);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_keep_alive_that_ran_out_publishes_it()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        var client = await broker.ConnectAsync("c", keepAlive: 2, will: Farewell);

        broker.Clock.Advance(TimeSpan.FromSeconds(3.1));

        await client.ExpectClosedAsync();
        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("gone");
    }

    [Fact]
    public async Task A_takeover_publishes_the_older_ones()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        var older = await broker.ConnectAsync("c", will: Farewell);

        _ = await broker.ConnectAsync("c");

        await older.ExpectClosedAsync();
        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("gone", "[MQTT-3.1.4-2]");
    }

    [Theory]
    [InlineData(3, 5, 3, "the delay comes first")]
    [InlineData(5, 0, 0, "the session ends at once")]
    [InlineData(5, 2, 2, "the session ends first")]
    public async Task A_delayed_will_goes_at_its_time_or_with_the_session(uint delay, uint expiry, int due, string why)
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        var client = await Delaying(broker, delay, expiry);
        await client.BreakAsync();

        if (due > 0)
        {
            broker.Clock.Advance(TimeSpan.FromSeconds(due - 0.1));
            await watcher.ExpectNothingAsync();
            broker.Clock.Advance(TimeSpan.FromSeconds(0.2));
        }

        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("gone", why + " [MQTT5-3.1.3-9]");
        broker.Clock.Advance(TimeSpan.FromSeconds(60));
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_client_that_comes_back_in_time_has_not_died()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        await (await Delaying(broker, 3, 100)).BreakAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(1));

        var (_, present) = await broker.ResumeAsync("c", 5);

        present.ShouldBeTrue();
        broker.Clock.Advance(TimeSpan.FromSeconds(10));
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_clean_start_during_the_delay_ends_the_session_and_publishes()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await Watcher(broker);
        await (await Delaying(broker, 3, 100)).BreakAsync();

        _ = await broker.ConnectAsync("c", 5);

        (await watcher.ReceivePublishAsync()).Payload.ShouldBe("gone");
    }

    [Fact]
    public async Task Its_properties_stay_in_order_and_its_expiry_begins_with_its_publication()
    {
        await using var broker = new BrokerUnderTest();
        var watcher = await broker.ConnectAsync("w", 5);
        await watcher.SubscribeAsync("will");
        byte[][] user = [Packet.Property(0x26, [.. Packet.Text("k"), .. Packet.Text("1")]), Packet.Property(0x26, [.. Packet.Text("k"), .. Packet.Text("2")])];
        var will = Farewell with
        {
            Properties = [Packet.Property(0x01, [0]), user[0], Packet.Property(0x18, Packet.Wide(4)), Packet.Property(0x02, Packet.Wide(60)), user[1]],
        };
        var client = await broker.ConnectAsync("c", 5, will: will, properties: [Packet.Property(0x11, Packet.Wide(100))]);

        await client.BreakAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(4.1));

        var properties = Convert.ToHexString((await watcher.ReceivePublishAsync()).Properties);
        properties.ShouldStartWith("020000003C");
        properties.ShouldContain("0100", customMessage: "payload format 0 is kept too");
        properties.ShouldEndWith(Convert.ToHexString([.. user[0], .. user[1]]));
    }

    private static Task<WireClient> Delaying(BrokerUnderTest broker, uint delay, uint expiry) => broker.ConnectAsync(
        "c", 5, will: Farewell with { Properties = [Packet.Property(0x18, Packet.Wide(delay))] }, properties: [Packet.Property(0x11, Packet.Wide(expiry))]);

    private static async Task<WireClient> Watcher(BrokerUnderTest broker)
    {
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("will", 1);
        return watcher;
    }
}
