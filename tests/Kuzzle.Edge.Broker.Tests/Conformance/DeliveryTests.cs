using System.Globalization;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 4 of docs/conformance.md, where no other test says it: PUBLISH, QoS and order.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task DUP_of_the_publisher_is_not_passed_on()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", 1);

        await client.SendAsync(Packet.Publish("t", "x", 1, id: 1, dup: true));

        (await client.ReceivePublishAsync()).Dup.ShouldBeFalse("[MQTT-3.3.1-3]");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task PUBREL_is_always_answered(int version)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", version);
        await client.SendAsync(version == 5 ? Packet.Publish5("t", "x", 2, id: 7) : Packet.Publish("t", "x", 2, id: 7));
        _ = await client.ReceiveAsync();

        await client.SendAsync(Packet.Pubrel(7), Packet.Pubrel(7), Packet.Pubrel(8));

        foreach (var identifier in (int[])[7, 7, 8])
        {
            var pubcomp = await client.ReceiveAsync();
            pubcomp[0].ShouldBe((byte)0x70, "[MQTT5-4.3.3-11]");
            ((pubcomp[2] << 8) | pubcomp[3]).ShouldBe(identifier);
        }
    }

    [Fact]
    public async Task Stray_acknowledgements_do_not_widen_the_window()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Packet.Property(0x21, Packet.Word(1))]);
        await client.SubscribeAsync("t", 2);
        for (var i = 0; i < 5; i++) broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.ExactlyOnce });
        var first = await client.ReceivePublishAsync();

        for (var i = 0; i < 10; i++) await client.SendAsync(Packet.Puback(first.Id + 100 + i), Packet.Pubcomp(first.Id + 200 + i));

        await client.ExpectNothingAsync(); // [MQTT5-4.9.0-2]
    }

    [Fact]
    public async Task Identifiers_go_round_past_one_that_is_never_acknowledged()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", 1);
        var message = new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce };
        broker.Broker.Publish(message);
        var stuck = (await client.ReceivePublishAsync()).Id;

        for (var i = 0; i < 70_000; i++)
        {
            broker.Broker.Publish(message);
            var next = await client.ReceivePublishAsync();
            if (next.Id == stuck || next.Id == 0) Assert.Fail($"message {i} came as {next.Id} [MQTT5-2.2.1-4]");
            await client.SendAsync(Packet.Puback(next.Id));
        }
    }

    [Fact]
    public async Task A_refused_qos_2_message_leaves_its_identifier_free()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { ReceiveMaximum = 2 });
        var client = await broker.ConnectAsync("a", 5);

        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync(Packet.Publish5("$SYS/x", "refused", 2, id: 1 + i));
            await client.ExpectAsync(0x50, 3, 0, (byte)(1 + i), 0x87); // [MQTT5-4.3.3-4]
        }

        await client.SendAsync(Packet.Publish5("t", "fine", 2, id: 1));
        await client.ExpectAsync(0x50, 3, 0, 1, 0x10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Counters_do_not_go_back_when_a_subscriber_resumes_under_load(int qos)
    {
        await using var broker = new BrokerUnderTest();
        var (client, _) = await broker.ResumeAsync("a");
        await client.SubscribeAsync("t", qos);
        var publisher = await broker.ConnectAsync("publisher");
        var seen = -1;
        var finished = false;

        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 3000; i++)
            {
                await publisher.SendAsync(Packet.Publish("t", i.ToString(CultureInfo.InvariantCulture), 1, id: 1));
                await publisher.ExpectAsync(Packet.Puback(1));
            }
        });

        for (var connection = 0; seen < 2999; connection++)
        {
            var acknowledged = connection % 2 == 0 && !finished ? 20 : int.MaxValue;
            while (seen < 2999 && acknowledged-- > 0)
            {
                var packet = await client.ReceiveAsync();
                if ((packet[0] & 0xF0) != 0x30) continue;

                var message = Received.Parse(packet, 4);
                var counter = int.Parse(message.Payload, CultureInfo.InvariantCulture);
                if (message.Dup) counter.ShouldBeLessThanOrEqualTo(seen + 1);
                else counter.ShouldBe(seen + 1, "[MQTT-4.6.0-6]: nothing is lost, and nothing overtakes");
                seen = Math.Max(seen, counter);
                await client.SendAsync(Packet.Puback(message.Id));
            }

            finished = publishing.IsCompleted;
            if (seen >= 2999) break;

            await client.BreakAsync();
            (client, _) = await broker.ResumeAsync("a");
        }

        await publishing;
        await client.ExpectNothingAsync();
    }
}
