using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.SlowReaders;

public sealed class SlowReaderTests
{
    [Fact]
    public async Task A_subscriber_that_never_reads_costs_its_bound_and_nobody_elses_time()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPendingOutputBytes = 100_000 });
        var sleeper = await broker.ConnectAsync("sleeper");
        await sleeper.SubscribeAsync("t");
        var reader = await broker.ConnectAsync("reader");
        await reader.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("publisher");

        for (var i = 0; i < 2000; i++)
        {
            await publisher.SendAsync(Packet.Publish("t", new string('x', 10_000)));
            (await reader.ReceivePublishAsync()).Payload.Length.ShouldBe(10_000);
        }

        broker.Broker.Core.Metrics.CountDropped(DropReason.SlowReader).ShouldBeGreaterThan(1900);
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Qos_1_messages_wait_for_a_slow_reader_and_all_arrive_in_order()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPendingOutputBytes = 4096, MaxInFlight = 10_000, MaxQueuedMessages = 2000 });
        var sleeper = await broker.ConnectAsync("sleeper");
        await sleeper.SubscribeAsync("t", 1);
        for (var i = 0; i < 1000; i++) broker.Broker.Publish(new MqttMessage("t", BitConverter.GetBytes(i).Concat(new byte[1000]).ToArray()) { Qos = QualityOfService.AtLeastOnce });
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBeGreaterThan(0);

        for (var i = 0; i < 1000; i++)
        {
            var packet = await sleeper.ReceiveAsync();
            BitConverter.ToInt32(packet, packet.Length - 1004).ShouldBe(i);
        }

        await sleeper.ExpectNothingAsync();
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Who_does_not_read_its_answers_is_not_listened_to()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPendingOutputBytes = 4096 });
        var client = await broker.ConnectAsync("a");
        byte[] pings = [.. Enumerable.Repeat(Packet.Pingreq, 10_000).SelectMany(ping => ping)];

        // The one that is not taken at once ends the loop; on a slow machine that may be an earlier one, which changes nothing.
        var sent = 0;
        Task sending;
        do
        {
            sending = client.SendAsync(pings);
            sent += 10_000;
            sent.ShouldBeLessThan(300_000, "600 kB of answers are not kept for anybody");
        }
        while (await Task.WhenAny(sending, Task.Delay(500)) == sending);

        for (var i = 0; i < sent; i++) (await client.ReceiveAsync()).ShouldBe(Packet.Pingresp);
        await sending;
    }
}
