using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.FlowControl;

public sealed class FlowControlTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_more_are_in_flight_than_the_client_takes_and_an_acknowledgement_brings_the_next(int qos)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x21, Packet.Word(2))]);
        await client.SubscribeAsync("t", qos);
        for (var i = 0; i < 5; i++) broker.Broker.Publish(Message(qos, i));

        var inFlight = new Queue<int>();
        for (var i = 0; i < 2; i++) inFlight.Enqueue((await client.ReceivePublishAsync()).Id);
        await client.ExpectNothingAsync();
        await client.SendAsync(Packet.Puback(4711 + qos), Packet.Pubcomp(4711));
        await client.ExpectNothingAsync();
        for (var i = 2; i < 5; i++)
        {
            await FinishAsync(client, qos, inFlight.Dequeue());
            var next = await client.ReceivePublishAsync();
            next.Payload.ShouldBe($"{i}", "[MQTT5-3.3.4-9]");
            inFlight.Enqueue(next.Id);
            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task A_pubrec_that_refuses_frees_the_place_without_release()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x21, Packet.Word(1))]);
        await client.SubscribeAsync("t", 2);
        for (var i = 0; i < 2; i++) broker.Broker.Publish(Message(2, i));
        var first = await client.ReceivePublishAsync();

        await client.SendAsync([0x50, 3, .. Packet.Word(first.Id), 0x80]);

        (await client.ReceivePublishAsync()).Payload.ShouldBe("1", "[MQTT5-4.3.3-4] [MQTT5-4.9.0-2]");
    }

    [Fact]
    public async Task Qos_0_and_other_packets_pass_an_empty_quota()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x21, Packet.Word(1))]);
        await client.SubscribeAsync("t", 1);
        broker.Broker.Publish(Message(1, 1));
        broker.Broker.Publish(Message(1, 2));
        broker.Broker.Publish(Message(0, 3));

        (await client.ReceivePublishAsync()).Payload.ShouldBe("1");
        (await client.ReceivePublishAsync()).Payload.ShouldBe("3", "[MQTT5-4.9.0-3]");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Who_sends_more_than_was_announced_is_disconnected()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { ReceiveMaximum = 2 });
        var client = await broker.ConnectAsync("a", 5);
        await client.SendAsync(Packet.Publish5("t", "1", 2, id: 1), Packet.Publish5("t", "2", 2, id: 2));
        await client.ExpectAsync(0x50, 3, 0, 1, 0x10);
        await client.ExpectAsync(0x50, 3, 0, 2, 0x10);

        await client.SendAsync(Packet.Publish5("t", "3", 2, id: 3));

        await client.ExpectClosedAsync(0xE0, 1, 0x93);
    }

    [Fact]
    public async Task Nothing_larger_than_the_client_accepts_is_sent_and_the_rest_goes_on()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x27, Packet.Wide(20)), Packet.Property(0x21, Packet.Word(1))]);
        await client.SubscribeAsync("t", 2);

        for (var size = 8; size < 20; size++)
        {
            for (var qos = 0; qos < 3; qos++)
            {
                broker.Broker.Publish(new MqttMessage("t", new byte[size]) { Qos = (QualityOfService)qos });
                var packetSize = 2 + 2 + 1 + (qos > 0 ? 2 : 0) + 1 + size;
                if (packetSize <= 20)
                {
                    var message = await client.ReceivePublishAsync();
                    message.Payload.Length.ShouldBe(size);
                    if (qos > 0) await FinishAsync(client, qos, message.Id);
                }
                else
                {
                    await client.ExpectNothingAsync();
                }
            }
        }

        broker.Broker.Core.Metrics.CountDropped(DropReason.TooLarge).ShouldBeGreaterThan(0, "[MQTT5-3.1.2-24] [MQTT5-3.1.2-25]");
    }

    [Fact]
    public async Task A_packet_beyond_the_brokers_limit_is_refused_by_its_header()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPacketBytes = 1000 });
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync([0x30, 0xFF, 0xFF, 0xFF, 0x7F]);

        await client.ExpectClosedAsync(0xE0, 1, 0x95);
    }

    [Fact]
    public async Task A_resumed_session_keeps_to_the_window_of_its_new_connection()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var client = await broker.ConnectAsync("a", 5, properties: [lasting]);
        await client.SubscribeAsync("t", 1);
        for (var i = 0; i < 4; i++) broker.Broker.Publish(Message(1, i));
        for (var i = 0; i < 4; i++) _ = await client.ReceivePublishAsync();
        await client.BreakAsync();
        broker.Broker.Publish(Message(1, 4));

        var (again, _) = await broker.ResumeAsync("a", 5, lasting, Packet.Property(0x21, Packet.Word(1)));

        for (var i = 0; i < 5; i++)
        {
            var message = await again.ReceivePublishAsync();
            message.Payload.ShouldBe($"{i}");
            message.Dup.ShouldBe(i < 4);
            await again.ExpectNothingAsync();
            await again.SendAsync(Packet.Puback(message.Id));
        }
    }

    private static MqttMessage Message(int qos, int number) => new("t", new[] { (byte)('0' + number) }) { Qos = (QualityOfService)qos };

    private static async Task FinishAsync(WireClient client, int qos, int id)
    {
        if (qos == 1)
        {
            await client.SendAsync(Packet.Puback(id));
            return;
        }

        await client.SendAsync(Packet.Pubrec(id));
        await client.ExpectAsync(Packet.Pubrel(id));
        await client.SendAsync(Packet.Pubcomp(id));
    }
}
