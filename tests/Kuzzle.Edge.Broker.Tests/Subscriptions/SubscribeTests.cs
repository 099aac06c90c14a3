using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Subscriptions;

public sealed class SubscribeTests
{
    [Fact]
    public async Task Each_filter_has_its_answer_in_its_place()
    {
        await using var broker = new BrokerUnderTest();
        var old = await broker.ConnectAsync("a");
        var current = await broker.ConnectAsync("b", 5);

        await old.SendAsync(Packet.Subscribe(7, ("a", 0), ("b/#", 2), ("+", 1)));
        await current.SendAsync(Packet.Subscribe5(7, [], ("a", 0), ("a#", 2), ("+", 1), ("$share/g/", 0), ("$share/g+/t", 0)));

        await old.ExpectAsync(0x90, 5, 0, 7, 0, 2, 1);
        await current.ExpectAsync(0x90, 8, 0, 7, 0, 0, 0x8F, 1, 0x8F, 0x8F);
    }

    [Theory]
    [InlineData("82020001", "[MQTT-3.8.3-3]: no filter")]
    [InlineData("820600010001 61 03", "[MQTT-3.8.3-4]: QoS 3")]
    [InlineData("820600000001 61 00", "[MQTT-2.3.1-1]: identifier 0")]
    [InlineData("800600010001 61 00", "[MQTT-3.8.1-1]: header flags")]
    [InlineData("A2020001", "[MQTT-3.10.3-2]: no filter")]
    [InlineData("82050001000561", "cut")]
    public async Task A_malformed_subscribe_closes(string hex, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(clause);
    }

    [Fact]
    public async Task Overlapping_filters_give_one_copy_of_the_highest_quality_with_all_identifiers()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        foreach (var (filter, qos, identifier) in ((string, int, byte)[])[("TopicA/#", 2, 11), ("TopicA/+", 1, 22), ("TopicA/x", 0, 33)])
        {
            await client.SendAsync(Packet.Subscribe5(1, [Packet.Property(0x0B, [identifier])], (filter, qos)));
            _ = await client.ReceiveAsync();
        }

        broker.Broker.Publish(new MqttMessage("TopicA/x", "m"u8.ToArray()) { Qos = QualityOfService.ExactlyOnce });

        var message = await client.ReceivePublishAsync();
        message.Qos.ShouldBe(2, "[MQTT5-3.3.4-2]");
        message.Properties.Chunk(2).Select(Convert.ToHexString).ShouldBe(["0B0B", "0B16", "0B21"], ignoreOrder: true);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_identifier_goes_with_retained_and_queued_messages()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        broker.Broker.Publish(new MqttMessage("t", "r"u8.ToArray()) { Retain = true });
        var client = await broker.ConnectAsync("a", 5, properties: [lasting]);
        await client.SendAsync(Packet.Subscribe5(1, [Packet.Property(0x0B, [0xFF, 0x01])], ("t", 1)));
        _ = await client.ReceiveAsync();
        (await client.ReceivePublishAsync()).Properties.ShouldBe([0x0B, 0xFF, 0x01], "[MQTT5-3.3.4-3]");
        await client.BreakAsync();
        broker.Broker.Publish(new MqttMessage("t", "q"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });

        var (again, _) = await broker.ResumeAsync("a", 5, lasting);

        (await again.ReceivePublishAsync()).Properties.ShouldBe([0x0B, 0xFF, 0x01]);
    }

    [Fact]
    public async Task A_client_may_not_send_a_subscription_identifier()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Publish5("t", "x", properties: Packet.Property(0x0B, [1])));

        (await client.ReceiveToEndAsync()).ShouldBe([0xE0, 1, 0x82], "[MQTT5-3.3.4-6]");
    }

    [Fact]
    public async Task The_same_filter_again_has_new_options()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        await client.SubscribeAsync("t", 2);

        broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.ExactlyOnce });

        (await client.ReceivePublishAsync()).Qos.ShouldBe(2, "[MQTT-3.8.4-3]");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Unsubscribing_compares_character_by_character_and_says_what_it_found()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        await client.SubscribeAsync("a/+");
        await client.SubscribeAsync("$share/g/s");

        await client.SendAsync(Packet.Unsubscribe5(3, "a/b", "s", "a/+"));
        await client.ExpectAsync(0xB0, 6, 0, 3, 0, 0x11, 0x11, 0);

        broker.Broker.Publish(new MqttMessage("a/b", "x"u8.ToArray()));
        broker.Broker.Publish(new MqttMessage("s", "y"u8.ToArray()));
        (await client.ReceivePublishAsync()).Payload.ShouldBe("y");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task No_local_keeps_the_own_messages_away_and_is_an_error_with_share()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        await client.SubscribeAsync("t", 0x04);
        await client.SendAsync(Packet.Publish5("t", "own"));
        broker.Broker.Publish(new MqttMessage("t", "foreign"u8.ToArray()));
        (await client.ReceivePublishAsync()).Payload.ShouldBe("foreign", "[MQTT5-3.8.3-3]");

        await client.SendAsync(Packet.Subscribe5(2, [], ("$share/g/t", 0x04)));

        await client.ExpectClosedAsync(0xE0, 1, 0x82);
    }

    [Fact]
    public async Task A_shared_subscription_is_served_in_turn_and_beside_plain_ones()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(new MqttMessage("t", "retained"u8.ToArray()) { Retain = true });
        var members = new List<WireClient>();
        foreach (var name in (string[])["a", "b", "c"])
        {
            members.Add(await broker.ConnectAsync(name, name == "c" ? 4 : 5));
            await members[^1].SubscribeAsync("$share/group/t");
            await members[^1].ExpectNothingAsync();
        }

        var plain = await broker.ConnectAsync("plain");
        await plain.SubscribeAsync("t");
        _ = await plain.ReceivePublishAsync();

        for (var i = 0; i < 99; i++) broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()));

        for (var i = 0; i < 99; i++) _ = await plain.ReceivePublishAsync();
        foreach (var member in members)
        {
            for (var i = 0; i < 33; i++) _ = await member.ReceivePublishAsync();
            await member.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task A_member_that_is_away_is_passed_over_and_what_it_left_goes_to_another()
    {
        await using var broker = new BrokerUnderTest();
        var staying = await broker.ConnectAsync("staying", 5);
        await staying.SubscribeAsync("$share/g/t", 1);
        var leaving = await broker.ConnectAsync("leaving", 5);
        await leaving.SubscribeAsync("$share/g/t", 1);
        for (var i = 0; i < 4; i++) broker.Broker.Publish(new MqttMessage("t", new[] { (byte)('0' + i) }) { Qos = QualityOfService.AtLeastOnce });
        for (var i = 0; i < 2; i++) _ = await leaving.ReceivePublishAsync();

        await leaving.BreakAsync();
        broker.Broker.Publish(new MqttMessage("t", "4"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });

        var payloads = new List<string>();
        for (var i = 0; i < 5; i++) payloads.Add((await staying.ReceivePublishAsync()).Payload);
        payloads.ShouldBe(["0", "1", "2", "3", "4"], ignoreOrder: true, "[MQTT5-4.8.2-4]");
    }
}
