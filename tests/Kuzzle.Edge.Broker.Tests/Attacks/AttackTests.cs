using System.Globalization;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Attacks;

/// <summary>Section 9 of docs/conformance.md: what has brought other brokers down. The process lives, a healthy client is served, and memory keeps to its bounds.</summary>
[Collection(nameof(Alone))]
public sealed class AttackTests
{
    private const long Megabyte = 1024 * 1024;

    [Theory]
    [InlineData(0x30)]
    [InlineData(0x82)]
    [InlineData(0xF0)]
    public async Task Megabytes_without_CONNECT_are_not_kept(byte first)
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        var flood = new byte[10_000_000];
        new byte[] { first, 0xFF, 0xFF, 0xFF, 0x7F }.CopyTo(flood, 0);

        for (var i = 0; i < 14; i++)
        {
            var stranger = broker.Open();
            for (var at = 0; at < flood.Length && !stranger.Served.IsCompleted; at += 60_000) await stranger.SendAsync(flood[at..Math.Min(flood.Length, at + 60_000)]);
            (await stranger.ReceiveToEndAsync()).ShouldBeEmpty();
        }

        await witness.IsServedAsync();
        flood = [];
        witness.HoldsMore().ShouldBeLessThan(4 * Megabyte);
    }

    [Fact]
    public async Task A_thousand_strangers_that_announce_much_hold_little_and_not_for_long()
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        var strangers = new List<WireClient>();

        for (var i = 0; i < 1000; i++) strangers.Add(await broker.OpenAsync([0x10, 0xFF, 0xFF, 0x07, 0, 4, .. "MQTT"u8, 4]));

        await witness.IsServedAsync();
        witness.HoldsMore().ShouldBeLessThan(32 * Megabyte, "each announces 128 KiB");
        broker.Clock.Advance(TimeSpan.FromSeconds(11));
        foreach (var stranger in strangers) (await stranger.ReceiveToEndAsync()).ShouldBeEmpty();
        broker.Broker.Core.Connecting.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_will_with_a_foreign_property_leaves_nothing_behind_however_often()
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        var connect = Packet.Connect("a", 5, will: new Packet.Will("w", new string('x', 50_000)) { Properties = [Packet.Property(0x21, Packet.Word(1))] });

        for (var i = 0; i < 3000; i++)
        {
            var client = await broker.OpenAsync(connect, 5);
            await client.ExpectClosedAsync(0x20, 3, 0, 0x81, 0);
            await client.BreakAsync(); // Its own end of the pipe holds what it has sent.
        }

        await witness.IsServedAsync();
        broker.Broker.Core.Sessions.Count.ShouldBe(1);
        witness.HoldsMore().ShouldBeLessThan(32 * Megabyte, "150 MB of wills were sent");
    }

    [Fact]
    public async Task Unreleased_qos_2_messages_are_bounded_and_their_payloads_are_not_kept()
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        var client = await broker.ConnectAsync("a", 5);
        var payload = new string('x', 100_000);

        for (var i = 0; i < 1024; i++)
        {
            await client.SendAsync(Packet.Publish5("t", payload, 2, id: 1 + i));
            _ = await client.ReceiveAsync();
        }

        broker.Broker.Core.Sessions.Find("a")!.Received.Count.ShouldBe(1024);
        await witness.IsServedAsync();
        witness.HoldsMore().ShouldBeLessThan(16 * Megabyte, "100 MB came");
        await client.SendAsync(Packet.Publish5("t", payload, 2, id: 1025));
        await client.ExpectClosedAsync(0xE0, 1, 0x93);
        broker.Broker.Core.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_subscribe_that_is_bad_at_its_end_has_granted_nothing()
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);

        for (var i = 0; i < 1000; i++)
        {
            var client = await broker.ConnectAsync("a", i % 2 == 0 ? 4 : 5);
            byte[] filters = [.. Packet.Text("x/" + i.ToString(CultureInfo.InvariantCulture)), 1, .. Packet.Text("good"), 1, .. Packet.Field([0xFF]), 1];
            await client.SendAsync(i % 2 == 0 ? Packet.Frame(0x82, Packet.Word(1), filters) : Packet.Frame(0x82, Packet.Word(1), [0], filters));
            _ = await client.ReceiveToEndAsync();
        }

        await witness.IsServedAsync();
        broker.Broker.Core.Metrics.Subscriptions.ShouldBe(1, "the witness's own");
    }

    [Fact]
    public async Task Every_combination_of_plus_against_a_deep_topic_costs_milliseconds()
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        var client = await broker.ConnectAsync("a");
        for (var from = 0; from < 4096; from += 512)
        {
            (string, int)[] filters = [.. Enumerable.Range(from, 512).Select(mask => (string.Join('/', Enumerable.Range(0, 12).Select(bit => (mask >> bit & 1) == 0 ? "a" : "+")), 0))];
            await client.SendAsync(Packet.Subscribe(1 + from, filters));
            (await client.ReceiveAsync())[^512..].ShouldAllBe(code => code == 0);
        }

        await client.SendAsync(Packet.Publish("a/a/a/a/a/a/a/a/a/a/a/a", "x"), Packet.Publish("b/a/a/a/a/a/a/a/a/a/a/b", "y"));

        (await client.ReceivePublishAsync()).Payload.ShouldBe("x");
        (await client.ReceivePublishAsync()).Payload.ShouldBe("y");
        await client.ExpectNothingAsync();
        await witness.IsServedAsync();
        await client.SendAsync(Packet.Publish("a/+/a/#", "wildcards"));
        await client.ExpectClosedAsync(); // Refused before the tree is asked.
    }

    [Theory]
    [InlineData(5000, true)]
    [InlineData(10_000, false)]
    public async Task Thousands_of_user_properties_come_at_linear_cost(int count, bool isTaken)
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        byte[][] many = [.. Enumerable.Range(0, count).Select(_ => Packet.Property(0x26, [.. Packet.Text("n"), .. Packet.Text("v")]))];
        var connect = Packet.Connect("a", 5, properties: many);

        for (var i = 0; i < 200; i++)
        {
            var client = await broker.OpenAsync(connect, 5);
            (await client.ReceiveAsync())[3].ShouldBe((byte)(isTaken ? 0 : 0x97));
        }

        await witness.IsServedAsync();
        witness.HoldsMore().ShouldBeLessThan(16 * Megabyte);
    }

    [Fact]
    public async Task Six_hundred_takeovers_with_wills_and_traffic_leave_one_session_and_nothing_else()
    {
        await using var broker = new BrokerUnderTest();
        var witness = await Witness.OfAsync(broker);
        var publishing = Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++) broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Qos = QualityOfService.AtLeastOnce });
        });

        var attacks = Enumerable.Range(0, 6).Select(thread => Task.Run(async () =>
        {
            List<WireClient> unanswered = [];
            for (var i = 0; i < 100; i++)
            {
                var connect = Packet.Connect("same", clean: (i + thread) % 3 == 0, will: new Packet.Will("t", "gone", 1));
                var client = await broker.OpenAsync([.. connect, .. Packet.Subscribe(1, ("t", 1)), .. Packet.Publish("t", "mine", 1, id: 1)]);
                if (i % 10 == 0) _ = await client.ReceiveAnyAsync();
                else unanswered.Add(client);
            }

            // An attack that the broker has not come to yet would take over whoever connects next.
            foreach (var client in unanswered) _ = await client.ReceiveAnyAsync();
        }));
        await Task.WhenAll(attacks);
        await publishing;

        var last = await broker.ConnectAsync("same");
        await last.SubscribeAsync("quiet");
        await last.ExpectNothingAsync();
        await witness.IsServedAsync();
        broker.Broker.Core.Sessions.Count.ShouldBe(2);
        broker.Broker.Core.Metrics.Subscriptions.ShouldBe(2);
        broker.Broker.Core.Metrics.Clients.ShouldBe(2);
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task What_waits_behind_a_CONNECT_that_is_refused_late_is_bounded_and_dropped()
    {
        var profile = new UndecidedProfile();
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = broker.Open();
        var packet = Packet.Publish("t", new string('x', 50_000), retain: true);

        var sending = Task.Run(async () =>
        {
            await client.SendAsync(Packet.Connect("a"));
            for (var i = 0; i < 100 && !client.Served.IsCompleted; i++) await client.SendAsync(packet);
        });
        await profile.Asked.Task;
        sending.IsCompleted.ShouldBeFalse("the transport is not read on behalf of a stranger");
        profile.Answer.SetResult(ConnectRuling.NotAuthorized);

        await client.ExpectClosedAsync(0x20, 2, 0, 5);
        await sending;
        broker.Broker.Core.Retained.Count.ShouldBe(0, "[MQTT-3.1.4-5]");
    }

    [Fact]
    public async Task Retained_messages_that_are_set_cleared_expired_and_asked_for_at_once_do_no_harm()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxRetainedMessages = 50 });
        var witness = await Witness.OfAsync(broker);
        var writers = Enumerable.Range(0, 3).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 4000; i++)
            {
                var topic = "r/" + ((i * (thread + 3)) % 100).ToString(CultureInfo.InvariantCulture);
                broker.Broker.Publish(new MqttMessage(topic, i % 3 == 0 ? [] : new byte[100]) { Retain = true, ExpirySeconds = i % 5 == 0 ? 1u : null });
            }
        }));
        var reader = Task.Run(async () =>
        {
            var client = await broker.ConnectAsync("reader");
            for (var i = 0; i < 200; i++)
            {
                await client.SendAsync(Packet.Subscribe(1, ("r/#", 0)), Packet.Unsubscribe(2, "r/#"), Packet.Pingreq);
                while ((await client.ReceiveAsync())[0] != 0xD0)
                {
                }

                broker.Clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        });
        await Task.WhenAll([.. writers, reader]);

        for (var i = 0; i < 100; i++) broker.Broker.Publish(new MqttMessage("r/" + i.ToString(CultureInfo.InvariantCulture), default) { Retain = true });

        broker.Broker.Core.Retained.Count.ShouldBe(0);
        broker.Broker.Core.Retained.Bytes.ShouldBe(0);
        await witness.IsServedAsync();
    }

    [Fact]
    public async Task Thousands_of_lasting_sessions_end_at_the_bound()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxSessions = 101 });
        var witness = await Witness.OfAsync(broker);
        var refused = 0;

        for (var i = 0; i < 3000; i++)
        {
            var client = await broker.OpenAsync(Packet.Connect("squatter " + i.ToString(CultureInfo.InvariantCulture), clean: false));
            if ((await client.ReceiveAsync())[3] == 3) refused++;
            await client.BreakAsync();
        }

        refused.ShouldBe(2900);
        broker.Broker.Core.Sessions.Count.ShouldBe(101);
        await witness.IsServedAsync();
        broker.Clock.Advance(TimeSpan.FromDays(7.1));
        broker.Broker.Core.Sessions.Count.ShouldBe(1, "what nobody comes back for ends");
    }

    [Fact]
    public async Task Endless_messages_for_somebody_who_is_absent_stop_at_the_bound()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxQueuedBytes = 2 * Megabyte });
        var witness = await Witness.OfAsync(broker);
        var client = await broker.ConnectAsync("absent", clean: false);
        await client.SubscribeAsync("t", 1);
        await client.LeaveAsync();

        for (var i = 0; i < 20_000; i++) broker.Broker.Publish(new MqttMessage("t", new byte[1000]) { Qos = QualityOfService.AtLeastOnce });

        broker.Broker.Core.Metrics.QueuedBytes.ShouldBeInRange(Megabyte, 2 * Megabyte);
        broker.Broker.Core.Metrics.CountDropped(DropReason.QueueFull).ShouldBeGreaterThan(17_000);
        witness.HoldsMore().ShouldBeLessThan(8 * Megabyte, "20 MB came");
        await witness.IsServedAsync();
    }

    [Fact]
    public async Task One_byte_now_and_then_does_not_keep_a_connection()
    {
        await using var broker = new BrokerUnderTest();
        var stranger = broker.Open();
        var client = await broker.ConnectAsync("a", keepAlive: 2);
        var packets = Packet.Connect("slow", will: new Packet.Will("w", new string('x', 100)));
        var publish = Packet.Publish("t", new string('x', 100));

        for (var i = 0; i < 60 && !(stranger.Served.IsCompleted && client.Served.IsCompleted); i++)
        {
            await stranger.SendAsync([packets[i]]);
            await client.SendAsync([publish[i]]);
            broker.Clock.Advance(TimeSpan.FromMilliseconds(300));
        }

        (await stranger.ReceiveToEndAsync()).ShouldBeEmpty();
        (await client.ReceiveToEndAsync()).ShouldBeEmpty("[MQTT-3.1.2-24]");
    }
}
