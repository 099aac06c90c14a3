using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.TopicAlias;

public sealed class OutgoingAliasTests
{
    private const string Topic = "plant/hall-3/press/temperature";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_topic_that_comes_again_gets_an_alias_and_then_goes_without_its_name(int qos)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: [Maximum(10)]);
        await client.SubscribeAsync("#", qos);

        foreach (var (topic, alias) in ((string, int)[])[(Topic, 0), (Topic, 1), ("", 1), ("", 1)])
        {
            broker.Broker.Publish(Message(Topic, qos));
            var message = await client.ReceivePublishAsync();
            (message.Topic, message.Alias).ShouldBe((topic, alias));
            message.Qos.ShouldBe(qos);
        }
    }

    [Theory]
    [InlineData(null, 32, 0, "[MQTT5-3.1.2-27]: absent means none")]
    [InlineData(0, 32, 0, "[MQTT5-3.1.2-27]")]
    [InlineData(2, 32, 2, "[MQTT5-3.1.2-26]")]
    [InlineData(65_535, 3, 3, "the broker's own bound")]
    [InlineData(65_535, 0, 0, "the broker uses none")]
    public async Task No_alias_is_beyond_what_the_client_takes(int? takes, int keeps, int most, string clause)
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxTopicAliasesToClient = keeps });
        var client = await broker.ConnectAsync("a", 5, properties: takes is { } maximum ? [Maximum(maximum)] : []);
        await client.SubscribeAsync("#");
        var known = new Dictionary<int, string>();

        for (var i = 0; i < 200; i++)
        {
            var topic = $"{Topic}/{i % 5}";
            broker.Broker.Publish(Message(topic, 0));
            (await client.ReceivePublishAsync()).ResolvedBy(known).ShouldBe(topic);
        }

        known.Keys.DefaultIfEmpty().Max().ShouldBe(most, clause);
        known.Values.ShouldBeUnique();
    }

    [Fact]
    public async Task Neither_a_short_topic_nor_an_older_client_gets_one()
    {
        await using var broker = new BrokerUnderTest();
        var current = await broker.ConnectAsync("a", 5, properties: [Maximum(10)]);
        var old = await broker.ConnectAsync("b");
        foreach (var client in (WireClient[])[current, old]) await client.SubscribeAsync("#");

        for (var i = 0; i < 5; i++)
        {
            broker.Broker.Publish(Message("short", 0));
            (await current.ReceivePublishAsync()).ShouldBe(new Received("short", "x", 0, 0, false, false, []), ReceivedComparer.Instance);
            (await old.ReceivePublishAsync()).Topic.ShouldBe("short");
            broker.Broker.Publish(Message(Topic, 0));
            (await old.ReceivePublishAsync()).Topic.ShouldBe(Topic, "its head is shared with nobody who has an alias");
            _ = await current.ReceivePublishAsync();
        }
    }

    [Fact]
    public async Task Each_connection_begins_anew_also_for_what_is_sent_again()
    {
        await using var broker = new BrokerUnderTest();
        byte[] lasting = Packet.Property(0x11, Packet.Wide(100));
        var client = await broker.ConnectAsync("a", 5, properties: [lasting, Maximum(10)]);
        await client.SubscribeAsync("#", 1);
        for (var i = 0; i < 4; i++) broker.Broker.Publish(Message(Topic, 1));
        for (var i = 0; i < 4; i++) _ = await client.ReceivePublishAsync();
        await client.BreakAsync();

        var (again, _) = await broker.ResumeAsync("a", 5, lasting, Maximum(10));

        foreach (var (topic, alias) in ((string, int)[])[(Topic, 0), (Topic, 1), ("", 1), ("", 1)])
        {
            var message = await again.ReceivePublishAsync();
            (message.Topic, message.Alias, message.Dup).ShouldBe((topic, alias, true));
        }

        await again.BreakAsync();
        var (without, _) = await broker.ResumeAsync("a", 5, lasting);
        for (var i = 0; i < 4; i++) (await without.ReceivePublishAsync()).ShouldSatisfyAllConditions(m => m.Topic.ShouldBe(Topic), m => m.Alias.ShouldBe(0));
    }

    [Fact]
    public async Task Subscription_identifier_expiry_and_retained_messages_go_with_it()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(Message(Topic, 0) with { Retain = true, ExpirySeconds = 60 });
        var client = await broker.ConnectAsync("a", 5, properties: [Maximum(10)]);
        var known = new Dictionary<int, string>();

        for (var i = 0; i < 4; i++)
        {
            await client.SendAsync(Packet.Subscribe5(1, [Packet.Property(0x0B, [7])], ("#", 0)));
            _ = await client.ReceiveAsync();
            var message = await client.ReceivePublishAsync();
            message.ResolvedBy(known).ShouldBe(Topic);
            message.Retain.ShouldBeTrue();
            message.Has(0x02).ShouldBeTrue("its expiry");
            message.Has(0x0B).ShouldBeTrue("the subscription's identifier");
        }

        known.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_alias_that_would_make_a_packet_too_large_is_not_given()
    {
        await using var broker = new BrokerUnderTest();
        var exact = 2 + 2 + Topic.Length + 1 + 1;
        foreach (var qos in (int[])[0, 1])
        {
            var client = await broker.ConnectAsync("a", 5, properties: [Maximum(10), Packet.Property(0x27, Packet.Wide((uint)(exact + (qos * 2))))]);
            await client.SubscribeAsync("#", qos);
            for (var i = 0; i < 4; i++)
            {
                broker.Broker.Publish(Message(Topic, qos));
                (await client.ReceivePublishAsync()).ShouldSatisfyAllConditions(m => m.Topic.ShouldBe(Topic), m => m.Alias.ShouldBe(0));
            }

            await client.LeaveAsync();
        }
    }

    [Fact]
    public async Task Whatever_is_dropped_or_waits_a_client_can_always_tell_the_topic()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxPendingOutputBytes = 4096, MaxTopicAliasesToClient = 6 });
        var random = new Random(20261121);
        var client = await broker.ConnectAsync("a", 5, properties: [Maximum(10), Packet.Property(0x21, Packet.Word(5))]);
        await client.SubscribeAsync("#", 1);
        var known = new Dictionary<int, string>();
        var qos1 = 0;
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < 40; i++)
            {
                var topic = $"{Topic}/{random.Next(12)}";
                var qos = random.Next(2);
                qos1 += qos;
                broker.Broker.Publish(new MqttMessage(topic, System.Text.Encoding.UTF8.GetBytes(topic + new string('.', random.Next(300)))) { Qos = (QualityOfService)qos });
            }

            await client.SendAsync(Packet.Pingreq);
            for (var pong = false; !pong;)
            {
                var packet = await client.ReceiveAsync();
                pong = packet[0] == 0xD0;
                if (!pong) qos1 -= await TakeAsync(packet);
            }
        }

        while (qos1 > 0) qos1 -= await TakeAsync(await client.ReceiveAsync());
        known.Count.ShouldBe(6);

        async Task<int> TakeAsync(byte[] packet)
        {
            var message = Received.Parse(packet, 5);
            message.Payload.TrimEnd('.').ShouldBe(message.ResolvedBy(known));
            if (message.Qos == 1) await client.SendAsync(Packet.Puback(message.Id));
            return message.Qos;
        }
    }

    private static MqttMessage Message(string topic, int qos) => new(topic, "x"u8.ToArray()) { Qos = (QualityOfService)qos };

    private static byte[] Maximum(int aliases) => Packet.Property(0x22, Packet.Word(aliases));
}
