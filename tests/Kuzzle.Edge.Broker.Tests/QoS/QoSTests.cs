using System.Globalization;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.QoS;

public sealed class QoSTests
{
    [Theory]
    [InlineData(0, 2, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 2, 2)]
    public async Task The_lower_quality_of_service_counts(int published, int subscribed, int delivered)
    {
        await using var broker = new BrokerUnderTest();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t", subscribed);
        var publisher = await broker.ConnectAsync("p");

        await publisher.SendAsync(Packet.Publish("t", "x", published, id: 9, dup: published > 0));

        var message = await subscriber.ReceivePublishAsync();
        message.Qos.ShouldBe(delivered, "[MQTT-3.8.4-6]");
        message.Dup.ShouldBeFalse("[MQTT-3.3.1-3]");
        message.Retain.ShouldBeFalse("[MQTT-3.3.1-9]");
    }

    [Fact]
    public async Task Qos_1_is_acknowledged_and_forgotten()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("t", 1);

        await client.SendAsync(Packet.Publish("t", "x", 1, id: 7));
        var message = await client.ReceivePublishAsync();
        await client.ExpectAsync(Packet.Puback(7));
        await client.SendAsync(Packet.Puback(message.Id));
        await client.LeaveAsync();

        var (again, present) = await broker.ResumeAsync("a");
        present.ShouldBeTrue();
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task Unacknowledged_messages_come_again_in_order_with_dup()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("t", 2);
        for (var i = 0; i < 5; i++) broker.Broker.Publish(new MqttMessage("t", new byte[] { (byte)('0' + i) }) { Qos = i % 2 == 0 ? Mqtt.QualityOfService.AtLeastOnce : Mqtt.QualityOfService.ExactlyOnce });
        var first = new List<Received>();
        for (var i = 0; i < 5; i++) first.Add(await client.ReceivePublishAsync());
        await client.BreakAsync();

        var (again, _) = await broker.ResumeAsync("a");
        for (var i = 0; i < 5; i++)
        {
            var message = await again.ReceivePublishAsync();
            message.ShouldBe(first[i] with { Dup = true, Properties = message.Properties }, "[MQTT-4.4.0-1] [MQTT-4.6.0-1]");
        }
    }

    [Fact]
    public async Task After_pubrec_only_the_release_comes_again()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("t", 2);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = Mqtt.QualityOfService.ExactlyOnce });
        var message = await client.ReceivePublishAsync();
        await client.SendAsync(Packet.Pubrec(message.Id));
        await client.ExpectAsync(Packet.Pubrel(message.Id));
        await client.BreakAsync();

        var (again, _) = await broker.ResumeAsync("a");
        await again.ExpectAsync(Packet.Pubrel(message.Id));
        await again.SendAsync(Packet.Pubcomp(message.Id));
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_repeated_qos_2_message_is_delivered_once_even_over_two_connections()
    {
        await using var broker = new BrokerUnderTest();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", clean: false);
        await publisher.SendAsync(Packet.Publish("t", "x", 2, id: 5), Packet.Publish("t", "x", 2, id: 5, dup: true));
        await publisher.ExpectAsync(Packet.Pubrec(5));
        await publisher.ExpectAsync(Packet.Pubrec(5));
        await publisher.BreakAsync();

        var (again, _) = await broker.ResumeAsync("p");
        await again.SendAsync(Packet.Publish("t", "x", 2, id: 5, dup: true), Packet.Pubrel(5), Packet.Pubrel(5));
        await again.ExpectAsync(Packet.Pubrec(5));
        await again.ExpectAsync(Packet.Pubcomp(5));
        await again.ExpectAsync(Packet.Pubcomp(5));

        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("x");
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(1, 0x50, "PUBREC for QoS 1")]
    [InlineData(1, 0x70, "PUBCOMP for QoS 1")]
    [InlineData(2, 0x40, "PUBACK for QoS 2")]
    [InlineData(2, 0x70, "PUBCOMP before PUBREC")]
    public async Task The_wrong_acknowledgement_is_a_violation(int qos, byte type, string why)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", qos);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = (Mqtt.QualityOfService)qos });
        var message = await client.ReceivePublishAsync();

        await client.SendAsync([type, 2, .. Packet.Word(message.Id)]);

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(why);
    }

    [Fact]
    public async Task Order_is_kept_for_every_quality_of_service()
    {
        await using var broker = new BrokerUnderTest();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("+", 2);
        var publisher = await broker.ConnectAsync("p");
        var last = new int[3];

        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 900; i++) await publisher.SendAsync(Packet.Publish($"t{i % 3}", $"{i}", qos: i % 3, id: i + 1));
        });
        for (var i = 0; i < 900; i++)
        {
            var packet = await subscriber.ReceiveAsync();
            if ((packet[0] & 0xF0) != 0x30)
            {
                packet[0].ShouldBe((byte)0x62);
                await subscriber.SendAsync([0x70, 2, packet[2], packet[3]]);
                i--;
                continue;
            }

            var message = Received.Parse(packet, 4);
            int.Parse(message.Payload, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(last[message.Qos]);
            last[message.Qos] = int.Parse(message.Payload, CultureInfo.InvariantCulture);
            if (message.Qos == 1) await subscriber.SendAsync(Packet.Puback(message.Id));
            if (message.Qos == 2) await subscriber.SendAsync(Packet.Pubrec(message.Id));
        }

        await sending;
        last.ShouldBe([897, 898, 899]);
    }

    [Theory]
    [InlineData("3600", "3.3.1-4: QoS 3")]
    [InlineData("38050001740078", "[MQTT-3.3.1-2]: DUP at QoS 0")]
    [InlineData("30020000", "[MQTT-4.7.3-1]: empty topic")]
    [InlineData("30050003612F23", "[MQTT-3.3.2-2]: wildcard")]
    [InlineData("3206000174000078", "[MQTT-2.3.1-1]: identifier 0")]
    public async Task Publishing_against_the_rules_closes(string hex, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Convert.FromHexString(hex), Packet.Pingreq);

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(clause);
    }

    [Fact]
    public async Task Nobody_is_there_says_version_5()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Publish5("t", "x", 1, id: 3));

        await client.ExpectAsync(0x40, 3, 0, 3, 0x10);
    }
}
