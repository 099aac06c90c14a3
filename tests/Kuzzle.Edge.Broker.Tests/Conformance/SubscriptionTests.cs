using System.Globalization;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Conformance;

/// <summary>Section 6 of docs/conformance.md, where no other test says it: SUBSCRIBE, UNSUBSCRIBE and matching.</summary>
public sealed class SubscriptionTests
{
    private static readonly string[] BadFilters = ["a#", "#a", "a/#/b", "#/", "+a", "a+", "a/+b", "a/b+/c", "$share/g", "$share/g/", "$share//t", "$share/g+/t", "$share/#/t", "$share/g/a#"];

    public static TheoryData<string> Malformed => new(BadFilters);

    [Theory]
    [InlineData("8207 0001 00 000174 03", 0x81, "[MQTT5-3.8.3-5] QoS 3")]
    [InlineData("8207 0001 00 000174 30", 0x82, "5.0 3.8.3.1: Retain Handling 3")]
    [InlineData("8207 0001 00 000174 40", 0x81, "[MQTT5-3.8.3-5]")]
    [InlineData("8207 0001 00 000174 80", 0x81, "[MQTT5-3.8.3-5]")]
    [InlineData("8203 0001 00", 0x82, "[MQTT5-3.8.3-2]")]
    [InlineData("A203 0001 00", 0x82, "[MQTT5-3.10.3-2]")]
    [InlineData("8206 0001 00 0000 00", 0x81, "[MQTT5-4.7.3-1]")]
    public async Task A_malformed_subscribe_of_5_0_is_told_its_reason(string hex, byte reason, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        (await client.ReceiveToEndAsync()).ShouldBe([0xE0, 1, reason], clause);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_filter_against_the_rules_refuses_itself_in_5_0(string filter)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Subscribe5(1, [], ("good", 1), (filter, 1), ("good/too", 2)));

        await client.ExpectAsync(0x90, 6, 0, 1, 0, 1, 0x8F, 2); // [MQTT5-4.7.1-1] [MQTT5-4.7.1-2] [MQTT5-4.8.2-1] [MQTT5-4.8.2-2]
        broker.Broker.Core.Metrics.Subscriptions.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_filter_against_the_rules_grants_nothing_in_3_1_1(string filter)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Packet.Subscribe(1, (filter, 1)));

        if (await client.ReceiveAnyAsync() is [_, ..] suback) suback.ShouldBe([0x90, 3, 0, 1, 0x80], "[MQTT-4.7.1-2] [MQTT-4.7.1-3]");
        broker.Broker.Core.Tree.CountNodes().ShouldBe(0);
    }

    [Fact]
    public async Task Renewing_a_subscription_leaves_no_gap()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", 1);
        var publishing = Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++) broker.Broker.Publish(new MqttMessage("t", BitConverter.GetBytes(i)) { Qos = QualityOfService.ExactlyOnce });
        });

        var next = 0;
        for (var renewals = 0; next < 2000;)
        {
            if (renewals < 200) await client.SendAsync(Packet.Subscribe(1 + renewals, ("t", 1 + (renewals++ % 2))));
            var packet = await client.ReceiveAsync();
            if (packet[0] >> 4 != 3) continue;

            BitConverter.ToInt32(packet, packet.Length - 4).ShouldBe(next++, "[MQTT-3.8.4-3]");
            var message = Received.Parse(packet, 4);
            if (message.Qos == 1) await client.SendAsync(Packet.Puback(message.Id));
            else await client.SendAsync(Packet.Pubrec(message.Id), Packet.Pubcomp(message.Id));
        }

        await publishing;
    }

    [Fact]
    public async Task Unsubscribing_lets_what_is_in_flight_finish()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("t", 2);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.ExactlyOnce });
        var message = await client.ReceivePublishAsync();

        await client.SendAsync(Packet.Unsubscribe(9, "t"));
        await client.ExpectAsync(0xB0, 2, 0, 9);
        await client.SendAsync(Packet.Pubrec(message.Id));

        await client.ExpectAsync(Packet.Pubrel(message.Id)); // [MQTT-3.10.4-3]
    }

    [Fact]
    public async Task A_shared_subscription_has_its_identifier_its_qos_and_its_group()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        await client.SendAsync(Packet.Subscribe5(1, [Packet.Property(0x0B, [9])], ("$share/g/t", 1)));
        _ = await client.ReceiveAsync();
        await client.SendAsync(Packet.Subscribe5(2, [Packet.Property(0x0B, [10])], ("$share/h/t", 0)));
        _ = await client.ReceiveAsync();

        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.ExactlyOnce });

        var copies = new[] { await client.ReceivePublishAsync(), await client.ReceivePublishAsync() };
        copies.Select(copy => (copy.Qos, Convert.ToHexString(copy.Properties))).ShouldBe([(1, "0B09"), (0, "0B0A")], ignoreOrder: true, "[MQTT5-4.8.2-3] [MQTT5-3.3.4-3]");
    }

    [Fact]
    public async Task A_shared_qos_2_message_waits_for_the_member_that_has_it()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var away = await broker.ConnectAsync("away", 5, properties: [lasting]);
        await away.SubscribeAsync("$share/g/t", 2);
        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.ExactlyOnce });
        var first = await away.ReceivePublishAsync();
        await away.BreakAsync();

        var other = await broker.ConnectAsync("other", 5);
        await other.SubscribeAsync("$share/g/t", 2);
        await other.ExpectNothingAsync();
        var (again, _) = await broker.ResumeAsync("away", 5, lasting);

        (await again.ReceivePublishAsync()).ShouldBe(first with { Dup = true }, ReceivedComparer.Instance, "[MQTT5-4.8.2-4]");
    }

    [Fact]
    public async Task No_local_holds_in_a_session_that_was_resumed()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var client = await broker.ConnectAsync("a", 5, properties: [lasting]);
        await client.SubscribeAsync("t", 0x04);
        await client.BreakAsync();
        var (again, _) = await broker.ResumeAsync("a", 5, lasting);

        await again.SendAsync(Packet.Publish5("t", "own"));
        await again.ExpectNothingAsync(); // [MQTT5-3.8.3-3]

        broker.Broker.Publish(new MqttMessage("t", "foreign"u8.ToArray()));
        (await again.ReceivePublishAsync()).Payload.ShouldBe("foreign");
    }

    [Fact]
    public async Task A_hundred_filters_in_one_packet_have_a_hundred_codes_in_their_order()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        (string, int)[] filters = [.. Enumerable.Range(0, 100).Select(i => (i.ToString(CultureInfo.InvariantCulture), i % 3))];

        await client.SendAsync(Packet.Subscribe(1, filters));

        (await client.ReceiveAsync())[4..].ShouldBe([.. filters.Select(filter => (byte)filter.Item2)], "[MQTT-3.8.4-5]");
    }
}
