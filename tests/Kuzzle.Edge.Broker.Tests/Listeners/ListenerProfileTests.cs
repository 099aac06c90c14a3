using System.Text;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Listeners;

public sealed class ListenerProfileTests
{
    [Fact]
    public async Task A_taken_message_does_not_reach_the_tree_and_is_acknowledged()
    {
        var dialect = new Dialect();
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("#");

        await client.SendAsync(Packet.Publish("take", "0", retain: true), Packet.Publish("take", "1", 1, id: 1));

        await client.ExpectAsync(Packet.Puback(1));
        await client.ExpectNothingAsync();
        dialect.Log.ShouldBe(["connected a", "take 0", "take 1"]);
        broker.Broker.Core.Retained.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_qos_2_message_is_taken_at_its_release_and_once_even_over_two_connections()
    {
        var dialect = new Dialect();
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SendAsync(Packet.Publish("take", "x", 2, id: 1), Packet.Publish("take", "x", 2, id: 1, dup: true));
        await client.ExpectAsync(Packet.Pubrec(1));
        await client.ExpectAsync(Packet.Pubrec(1));
        dialect.Log.ShouldBe(["connected a"]);
        await client.LeaveAsync();

        var (again, _) = await broker.ResumeAsync("a");
        await again.SendAsync(Packet.Pubrel(1), Packet.Pubrel(1));
        await again.ExpectAsync(Packet.Pubcomp(1));
        await again.ExpectAsync(Packet.Pubcomp(1));

        dialect.Log.ShouldBe(["connected a", "disconnected a", "connected a", "take x"]);
    }

    [Fact]
    public async Task A_message_is_taken_with_all_it_carries()
    {
        var dialect = new Dialect();
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Publish5(
            "take",
            "x",
            properties:
            [
                Packet.Property(0x01, [1]), Packet.Property(0x02, Packet.Wide(9)), Packet.Property(0x23, Packet.Word(1)), Packet.Property(0x08, Packet.Text("answer")),
                Packet.Property(0x09, Packet.Field([1, 2])), Packet.Property(0x26, [.. Packet.Text("k"), .. Packet.Text("v")]), Packet.Property(0x03, Packet.Text("json")),
            ]));
        await client.ExpectNothingAsync();

        var message = dialect.Taken.ShouldHaveSingleItem();
        message.IsText.ShouldBe(true);
        message.ExpirySeconds.ShouldBe(9u);
        message.ResponseTopic.ShouldBe("answer");
        message.CorrelationData.ToArray().ShouldBe([1, 2]);
        message.ContentType.ShouldBe("json");
        message.UserProperties.ShouldBe([new Mqtt.Packets.UserProperty("k", "v")]);
    }

    [Theory]
    [InlineData(4, "40020001", "[MQTT-3.3.5-2]")]
    [InlineData(5, "4003000187", "5.0 3.4.2.1")]
    public async Task A_refused_message_is_dropped_and_the_connection_stays(int version, string puback, string clause)
    {
        await using var broker = new BrokerUnderTest { Profile = new Dialect() };
        var client = await broker.ConnectAsync("a", version);
        await client.SubscribeAsync("#");
        byte[] Publish(int qos) => version == 5 ? Packet.Publish5("refuse", "x", qos, 1) : Packet.Publish("refuse", "x", qos, 1);

        await client.SendAsync(Publish(0), Publish(1));

        Convert.ToHexString(await client.ReceiveAsync()).ShouldBe(puback, clause);
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync(Publish(2), Packet.Pubrel(1));
            (await client.ReceiveAsync())[0].ShouldBe((byte)0x50);
            await client.ExpectAsync(Packet.Pubcomp(1));
        }

        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_forbidden_topic_closes_at_once_without_acknowledgement(int qos)
    {
        await using var broker = new BrokerUnderTest { Profile = new Dialect() };
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Packet.Publish("disconnect", "x", qos, id: 1), Packet.Publish("later", "x", retain: true));

        await client.ExpectClosedAsync();
        broker.Broker.Core.Retained.Count.ShouldBe(0);
    }

    [Fact]
    public async Task One_forbidden_filter_closes_and_grants_nothing_a_refused_one_is_told()
    {
        await using var broker = new BrokerUnderTest { Profile = new Dialect() };
        var refused = await broker.ConnectAsync("a", 5);
        await refused.SendAsync(Packet.Subscribe5(1, [], ("t", 1), ("refuse", 1)));
        await refused.ExpectAsync(0x90, 5, 0, 1, 0, 1, 0x87);
        var old = await broker.ConnectAsync("b");
        await old.SendAsync(Packet.Subscribe(1, ("refuse", 1)));
        await old.ExpectAsync(0x90, 3, 0, 1, 0x80);

        await old.SendAsync(Packet.Subscribe(2, ("granted", 0), ("disconnect", 0)));

        await old.ExpectClosedAsync();
        broker.Broker.Core.Metrics.Subscriptions.ShouldBe(1);
    }

    [Theory]
    [InlineData("take", new[] { "will? take", "take gone", "disconnected a" })]
    [InlineData("refuse", new[] { "will? refuse", "disconnected a" })]
    [InlineData("disconnect", new[] { "will? disconnect", "disconnected a" })]
    [InlineData("t", new[] { "will? t", "disconnected a" })]
    public async Task A_will_is_judged_before_its_client_is_gone(string topic, string[] expected)
    {
        var dialect = new Dialect();
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var client = await broker.ConnectAsync("a", will: new Packet.Will(topic, "gone", Retain: true));
        dialect.Log.Clear();

        await client.BreakAsync();

        dialect.Log.ShouldBe(expected);
        broker.Broker.Core.Retained.Count.ShouldBe(topic == "t" ? 1 : 0);
    }

    [Fact]
    public async Task A_message_for_one_client_needs_no_subscription_and_comes_after_the_connack()
    {
        var dialect = new Dialect { Greeting = new MqttMessage("greeting", "hello"u8.ToArray()) };
        await using var broker = new BrokerUnderTest { Profile = dialect };

        var client = await broker.ConnectAsync("a", 5);

        (await client.ReceivePublishAsync()).Payload.ShouldBe("hello");
        dialect.Clients[0].Send(new MqttMessage("x", "1"u8.ToArray()));
        dialect.Clients[0].Close();
        var rest = await client.ReceiveToEndAsync();
        Encoding.Latin1.GetString(rest).ShouldEndWith("x\u00001\u00E0\u0001\u0098");
        dialect.Clients[0].Send(new MqttMessage("x", "nobody"u8.ToArray()));
    }

    [Theory]
    [InlineData("$SYS/broker", false)]
    [InlineData("$SYS", false)]
    [InlineData("$SYSTEM/x", true)]
    [InlineData("$other/x", true)]
    public async Task Clients_cannot_publish_what_is_the_brokers_own(string topic, bool allowed)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        await client.SubscribeAsync("$SYS/#");
        await client.SubscribeAsync("#");

        await client.SendAsync(Packet.Publish5(topic, "x", 1, id: 1, retain: true));

        await client.ExpectAsync(0x40, 3, 0, 1, (byte)(allowed ? 0x10 : 0x87));
        broker.Broker.Core.Retained.Count.ShouldBe(allowed ? 1 : 0);
    }

    [Fact]
    public async Task A_profile_that_fails_costs_its_connection_only()
    {
        await using var broker = new BrokerUnderTest { Profile = new Dialect() };
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Packet.Publish5("fail", "x"));

        await client.ExpectClosedAsync(0xE0, 1, 0x80);
        await (await broker.ConnectAsync("a")).ExpectNothingAsync();
    }

    [Fact]
    public async Task The_program_publishes_where_no_listener_is_asked()
    {
        await using var broker = new BrokerUnderTest { Profile = new Dialect() };
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("+");

        broker.Broker.Publish(new MqttMessage("disconnect", "x"u8.ToArray()));

        (await client.ReceivePublishAsync()).Payload.ShouldBe("x");
        Should.Throw<ArgumentException>(() => broker.Broker.Publish(new MqttMessage("a/#", default))).Message.ShouldContain("a/#");
    }

    private sealed class Dialect : IListenerProfile
    {
        public List<string> Log { get; } = [];

        public List<MqttMessage> Taken { get; } = [];

        public List<IMqttClient> Clients { get; } = [];

        public MqttMessage? Greeting { get; init; }

        public void OnConnected(IMqttClient client)
        {
            Log.Add($"connected {client.ClientId}");
            Clients.Add(client);
            if (Greeting is not null) client.Send(Greeting);
        }

        public void OnDisconnected(IMqttClient client) => Log.Add($"disconnected {client.ClientId}");

        public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill)
        {
            var text = Encoding.UTF8.GetString(topic);
            if (isWill) Log.Add($"will? {text}");
            return text switch
            {
                "take" => PublishRuling.Take,
                "refuse" => PublishRuling.Refuse,
                "disconnect" => PublishRuling.Disconnect,
                "fail" => throw new NotSupportedException("a fault of the profile"),
                _ => PublishRuling.Route,
            };
        }

        public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => filter switch
        {
            "refuse" => SubscribeRuling.Refuse,
            "disconnect" => SubscribeRuling.Disconnect,
            _ => SubscribeRuling.Grant,
        };

        public void Take(IMqttClient client, MqttMessage message)
        {
            Log.Add($"take {Encoding.UTF8.GetString(message.Payload.Span)}");
            Taken.Add(message);
        }
    }
}
