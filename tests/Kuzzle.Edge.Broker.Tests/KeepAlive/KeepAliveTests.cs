using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.KeepAlive;

public sealed class KeepAliveTests
{
    [Fact]
    public async Task Silence_of_one_and_a_half_times_the_keep_alive_ends_the_connection()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, keepAlive: 10);

        broker.Clock.Advance(TimeSpan.FromSeconds(14.9));
        await client.ExpectNothingAsync();
        broker.Clock.Advance(TimeSpan.FromSeconds(14.9));
        client.Served.IsCompleted.ShouldBeFalse("[MQTT5-3.1.2-22]: it counts from the last packet");
        broker.Clock.Advance(TimeSpan.FromSeconds(0.2));

        await client.ExpectClosedAsync(0xE0, 1, 0x8D);
    }

    [Fact]
    public async Task Only_whole_packets_count()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", keepAlive: 1);

        foreach (var piece in Packet.Publish("t", "slow"))
        {
            if (client.Served.IsCompleted) break;
            await client.SendAsync([piece]);
            broker.Clock.Advance(TimeSpan.FromSeconds(0.3));
        }

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Zero_means_never()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        broker.Clock.Advance(TimeSpan.FromDays(2));

        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_servers_keep_alive_is_announced_and_holds()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxKeepAliveSeconds = 20 });
        var client = await broker.OpenAsync(Packet.Connect("a", 5, keepAlive: 0), 5);
        Convert.ToHexString(await client.ReceiveAsync()).ShouldContain("130014", customMessage: "[MQTT5-3.2.2-21]");

        broker.Clock.Advance(TimeSpan.FromSeconds(30.1));

        await client.ExpectClosedAsync(0xE0, 1, 0x8D);
    }
}
