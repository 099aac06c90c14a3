using System.Globalization;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Durability;

/// <summary>
/// The restart matrix: the power is cut at every point of an exchange, and what the standard promises holds with the next broker. What a store has committed is all
/// that the next broker knows.
/// </summary>
public sealed class RestartTests
{
    private static readonly byte[] ForEver = Packet.Property(0x11, Packet.Wide(uint.MaxValue));

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(1, 5)]
    [InlineData(2, 5)]
    public async Task What_was_acknowledged_for_an_absent_client_reaches_it(int qos, int version)
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("s", "t", qos, version);
        await before.PublishAsync("t", "kept", qos);

        await using var after = await before.CutAsync();
        var (subscriber, present) = await after.ResumeAsync("s", version);

        present.ShouldBeTrue("[MQTT-3.2.2-2]");
        var message = await subscriber.ReceivePublishAsync();
        (message.Topic, message.Payload, message.Qos, message.Dup).ShouldBe(("t", "kept", qos, false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_that_was_sent_comes_again_with_its_identifier_and_dup(int qos)
    {
        await using var before = await Power.OnAsync();
        var subscriber = await before.SubscribedAsync("s", "t", qos);
        await before.PublishAsync("t", "a", qos);
        var first = await subscriber.ReceivePublishAsync();
        await before.PublishAsync("t", "b", qos);
        var second = await subscriber.ReceivePublishAsync();

        await using var after = await before.CutAsync();
        var (again, _) = await after.ResumeAsync("s");

        (await again.ReceivePublishAsync()).ShouldBe(first with { Dup = true }, ReceivedComparer.Instance, "[MQTT-4.4.0-1]");
        (await again.ReceivePublishAsync()).ShouldBe(second with { Dup = true }, ReceivedComparer.Instance, "[MQTT-4.6.0-1]");
    }

    [Fact]
    public async Task After_pubrec_only_the_release_comes_again()
    {
        await using var before = await Power.OnAsync();
        var subscriber = await before.SubscribedAsync("s", "t", 2);
        await before.PublishAsync("t", "once", 2);
        var message = await subscriber.ReceivePublishAsync();
        await subscriber.SendAsync(Packet.Pubrec(message.Id));
        await subscriber.ExpectAsync(Packet.Pubrel(message.Id));

        await using var after = await before.CutAsync();
        var (again, _) = await after.ResumeAsync("s");

        await again.ExpectAsync(Packet.Pubrel(message.Id)); // [MQTT-4.3.3-1]
        await again.SendAsync(Packet.Pubcomp(message.Id));
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_release_is_not_sent_before_it_is_on_the_disk()
    {
        await using var before = await Power.OnAsync();
        var subscriber = await before.SubscribedAsync("s", "t", 2);
        await before.PublishAsync("t", "once", 2);
        var message = await subscriber.ReceivePublishAsync();
        before.Store.Hold();
        await subscriber.SendAsync(Packet.Pubrec(message.Id));
        await subscriber.ExpectNothingAsync();

        // The client has not forgotten the identifier, so the message may come again.
        await using var after = await before.CutAsync();
        var (again, _) = await after.ResumeAsync("s");

        (await again.ReceivePublishAsync()).Id.ShouldBe(message.Id);
        before.Store.Release();
        await subscriber.ExpectAsync(Packet.Pubrel(message.Id));
    }

    [Fact]
    public async Task A_qos_2_message_is_not_sent_before_its_identifier_is_on_the_disk()
    {
        await using var power = await Power.OnAsync();
        var subscriber = await power.SubscribedAsync("s", "t", 2);
        power.Store.Hold();
        var publisher = await power.Broker.ConnectAsync("p");
        await publisher.SendAsync(Packet.Publish("t", "1", 2, id: 1), Packet.Publish("t", "2", 2, id: 2), Packet.Publish("t", "0", 0));
        await publisher.ExpectNothingAsync();
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("0", "QoS 0 waits for no disk");

        power.Store.Release();

        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("1");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("2");
        await publisher.ExpectAsync(Packet.Pubrec(1));
        await publisher.ExpectAsync(Packet.Pubrec(2));
    }

    [Fact]
    public async Task A_qos_1_message_does_not_overtake_a_qos_2_message_that_waits_for_the_disk()
    {
        await using var power = await Power.OnAsync();
        var subscriber = await power.SubscribedAsync("s", "t", 2);
        power.Store.Hold();
        var publisher = await power.Broker.ConnectAsync("p");
        await publisher.SendAsync(Packet.Publish("t", "1", 2, id: 1), Packet.Publish("t", "2", 1, id: 2), Packet.Publish("t", "3", 2, id: 3));
        await publisher.ExpectNothingAsync();

        power.Store.Release();

        foreach (var expected in (string[])["1", "2", "3"]) (await subscriber.ReceivePublishAsync()).Payload.ShouldBe(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_acknowledgement_leaves_after_the_commit_and_in_the_order_of_the_messages(int qos)
    {
        await using var power = await Power.OnAsync();
        await power.SubscribedAndAwayAsync("s", "kept", qos);
        power.Store.Hold();
        var publisher = await power.Broker.ConnectAsync("p");

        await publisher.SendAsync(Packet.Publish("kept", "x", qos, id: 1), Packet.Publish("nobody", "y", qos, id: 2));
        await publisher.ExpectNothingAsync();
        power.Store.Release();

        await publisher.ExpectAsync(qos == 1 ? Packet.Puback(1) : Packet.Pubrec(1));
        await publisher.ExpectAsync(qos == 1 ? Packet.Puback(2) : Packet.Pubrec(2)); // [MQTT-4.6.0-2]
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_nobody_must_keep_never_waits_for_the_disk(int qos)
    {
        await using var power = await Power.OnAsync();
        power.Store.Hold();
        var client = await power.Broker.ConnectAsync("c");
        await client.SubscribeAsync("t", qos);

        await client.SendAsync(Packet.Publish("t", "x", qos, id: 1));

        (await client.ReceivePublishAsync()).Qos.ShouldBe(qos);
        await client.ExpectAsync(qos == 1 ? Packet.Puback(1) : Packet.Pubrec(1));
        power.Store.Release();
        power.Store.Commits.ShouldBe(0);
    }

    [Fact]
    public async Task A_repeated_qos_2_message_is_one_message_across_a_restart()
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("s", "t", 2);
        var publisher = (await before.ResumeAsync("p")).Client;
        await publisher.SendAsync(Packet.Publish("t", "once", 2, id: 7));
        await publisher.ExpectAsync(Packet.Pubrec(7));

        await using var after = await before.CutAsync();
        var again = (await after.ResumeAsync("p")).Client;
        await again.SendAsync(Packet.Publish("t", "once", 2, id: 7, dup: true));
        await again.ExpectAsync(Packet.Pubrec(7));
        await again.SendAsync(Packet.Pubrel(7));
        await again.ExpectAsync(Packet.Pubcomp(7));

        var (subscriber, _) = await after.ResumeAsync("s");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("once");
        await subscriber.ExpectNothingAsync(); // [MQTT-4.3.3-2]
    }

    [Fact]
    public async Task A_qos_2_message_whose_commit_was_lost_is_taken_when_it_comes_again()
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("s", "t", 2);
        var publisher = (await before.ResumeAsync("p")).Client;
        before.Store.Hold();
        await publisher.SendAsync(Packet.Publish("t", "once", 2, id: 7));
        await publisher.ExpectNothingAsync();

        await using var after = await before.CutAsync();
        var again = (await after.ResumeAsync("p")).Client;
        await again.SendAsync(Packet.Publish("t", "once", 2, id: 7, dup: true));
        await again.ExpectAsync(Packet.Pubrec(7));

        var (subscriber, _) = await after.ResumeAsync("s");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("once");
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task After_pubcomp_the_identifier_stands_for_another_message_across_a_restart()
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("s", "t", 2);
        var publisher = (await before.ResumeAsync("p")).Client;
        await publisher.SendAsync(Packet.Publish("t", "first", 2, id: 7));
        await publisher.ExpectAsync(Packet.Pubrec(7));
        await publisher.SendAsync(Packet.Pubrel(7));
        await publisher.ExpectAsync(Packet.Pubcomp(7));

        await using var after = await before.CutAsync();
        var again = (await after.ResumeAsync("p")).Client;
        await again.SendAsync(Packet.Publish("t", "second", 2, id: 7));
        await again.ExpectAsync(Packet.Pubrec(7));

        var (subscriber, _) = await after.ResumeAsync("s");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("first");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("second");
    }

    [Fact]
    public async Task Subscriptions_are_on_the_disk_when_they_are_acknowledged()
    {
        await using var before = await Power.OnAsync();
        var client = (await before.ResumeAsync("s", 5)).Client;
        await client.SendAsync(Packet.Subscribe5(1, [Packet.Property(0x0B, [5])], ("gone", 1), ("stays/+", 1 | 8)));
        await client.ExpectAsync(0x90, 5, 0, 1, 0, 1, 1);
        await client.SendAsync(Packet.Unsubscribe5(2, "gone"));
        await client.ExpectAsync(0xB0, 4, 0, 2, 0, 0);

        await using var after = await before.CutAsync();
        await after.PublishAsync("gone", "x", 1);
        await after.PublishAsync("stays/here", "y", 1);

        var (again, present) = await after.ResumeAsync("s", 5);
        present.ShouldBeTrue();
        var message = await again.ReceivePublishAsync();
        message.Topic.ShouldBe("stays/here");
        message.Properties.ShouldBe(Packet.Property(0x0B, [5]), "the subscription identifier");
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_suback_waits_for_the_disk_and_brings_the_retained_messages()
    {
        await using var power = await Power.OnAsync();
        await power.PublishAsync("t", "retained", 1, retain: true);
        var client = (await power.ResumeAsync("s")).Client;
        power.Store.Hold();
        await client.SendAsync(Packet.Subscribe(1, ("t", 1)));
        power.Store.Release();

        await client.ExpectAsync(0x90, 3, 0, 1, 1);
        (await client.ReceivePublishAsync()).Retain.ShouldBeTrue();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_session_without_any_subscription_is_present_after_a_restart(int version)
    {
        await using var before = await Power.OnAsync();
        _ = await before.ResumeAsync("s", version);

        await using var after = await before.CutAsync();

        (await after.ResumeAsync("s", version)).Present.ShouldBeTrue("[MQTT-3.2.2-2]");
    }

    [Fact]
    public async Task A_session_that_was_replaced_by_a_clean_one_is_gone()
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("s", "t", 1);
        await before.PublishAsync("t", "old", 1);
        var clean = await before.Broker.ConnectAsync("s");
        await clean.LeaveAsync();
        await before.SettleAsync();

        await using var after = await before.CutAsync();

        (await after.ResumeAsync("s")).Present.ShouldBeFalse("[MQTT-3.1.2-6]");
    }

    [Fact]
    public async Task A_session_waits_as_long_as_it_may_across_restarts()
    {
        await using var before = await Power.OnAsync();
        var tenSeconds = Packet.Property(0x11, Packet.Wide(10));
        var early = (await before.Broker.ResumeAsync("early", 5, tenSeconds)).Client;
        await early.LeaveAsync();
        before.Broker.Clock.Advance(TimeSpan.FromSeconds(7));
        var late = (await before.Broker.ResumeAsync("late", 5, tenSeconds)).Client;
        await late.LeaveAsync();
        await before.SettleAsync();

        await using var after = await before.CutAsync();
        after.Broker.Clock.Advance(TimeSpan.FromSeconds(5));

        (await after.ResumeAsync("early", 5)).Present.ShouldBeFalse("[MQTT5-3.1.2-23]");
        (await after.ResumeAsync("late", 5)).Present.ShouldBeTrue();
    }

    [Fact]
    public async Task A_clock_that_begins_in_the_past_ends_no_session_early_and_keeps_none_for_ever()
    {
        await using var before = await Power.OnAsync();
        before.Broker.Clock.Advance(TimeSpan.FromDays(300));
        var client = (await before.Broker.ResumeAsync("s", 5, Packet.Property(0x11, Packet.Wide(10)))).Client;
        await client.LeaveAsync();
        await before.SettleAsync();

        // A board without a battery for its clock.
        await using var after = await before.CutAsync(new ManualClock());
        (await after.ResumeAsync("s", 5)).Present.ShouldBeTrue();
        await after.SettleAsync();

        await using var third = await after.CutAsync();
        third.Broker.Clock.Advance(TimeSpan.FromSeconds(11));
        (await third.ResumeAsync("other", 5)).Present.ShouldBeFalse();
    }

    [Fact]
    public async Task Retained_messages_are_back_with_all_they_had()
    {
        await using var before = await Power.OnAsync();
        var publisher = await before.Broker.ConnectAsync("p", version: 5);
        byte[][] properties = [Packet.Property(0x02, Packet.Wide(100)), Packet.Property(0x03, Packet.Text("text/plain")), [0x26, .. Packet.Text("k"), .. Packet.Text("v")]];
        await publisher.SendAsync(
            Packet.Publish5("kept", "old", 1, id: 1, retain: true),
            Packet.Publish5("kept", "new", 1, id: 2, retain: true, properties: properties),
            Packet.Publish5("cleared", "x", 1, id: 3, retain: true),
            Packet.Publish5("cleared", "", 1, id: 4, retain: true),
            Packet.Publish5("dies", "x", 1, id: 5, retain: true, properties: [Packet.Property(0x02, Packet.Wide(3))]));
        for (var i = 0; i < 5; i++) (await publisher.ReceiveAsync())[0].ShouldBe((byte)0x40);

        await using var after = await before.CutAsync();
        after.Broker.Clock.Advance(TimeSpan.FromSeconds(40));
        var subscriber = await after.Broker.ConnectAsync("s", version: 5);
        await subscriber.SubscribeAsync("#", 2);

        var message = await subscriber.ReceivePublishAsync();
        (message.Topic, message.Payload, message.Qos, message.Retain).ShouldBe(("kept", "new", 1, true));
        message.Properties.ShouldBe([.. Packet.Property(0x02, Packet.Wide(60)), .. properties[1], .. properties[2]], "[MQTT5-3.3.2-6]");
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_qos_0_retained_message_is_back_once_the_journal_had_time()
    {
        await using var before = await Power.OnAsync();
        before.Broker.Broker.Publish(new MqttMessage("t", "x"u8.ToArray()) { Retain = true });
        await before.SettleAsync();

        await using var after = await before.CutAsync();
        var subscriber = await after.Broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");

        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("x");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_will_of_a_client_that_was_connected_is_published_after_the_restart(bool clean)
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("s", "will/#", 1);
        _ = await before.Broker.ConnectAsync("w", version: 4, clean: clean, will: new Packet.Will("will/w", "gone", Qos: 1, Retain: true));
        await before.SettleAsync();

        await using var after = await before.CutAsync();
        after.Broker.Clock.Advance(TimeSpan.FromSeconds(1));

        var subscriber = (await after.ResumeAsync("s")).Client;
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("gone", "[MQTT-3.1.2-8]");
        await after.SettleAsync();

        await using var third = await after.CutAsync();
        third.Broker.Clock.Advance(TimeSpan.FromSeconds(1));
        var witness = await third.Broker.ConnectAsync("witness");
        await witness.SubscribeAsync("will/#");
        (await witness.ReceivePublishAsync()).Retain.ShouldBeTrue("it was retained, and not published once more");
        await witness.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_delayed_will_waits_on_across_a_restart()
    {
        await using var before = await Power.OnAsync();
        var delay = new Packet.Will("will", "gone", Qos: 1) { Properties = [Packet.Property(0x18, Packet.Wide(30))] };
        await before.SubscribedAndAwayAsync("s", "will", 1);
        foreach (var name in (string[])["back", "gone"])
        {
            var client = await before.Broker.ConnectAsync(name, 5, clean: true, will: delay with { Payload = name }, properties: ForEver);
            await client.BreakAsync();
        }

        before.Broker.Clock.Advance(TimeSpan.FromSeconds(10));
        await before.SettleAsync();

        await using var after = await before.CutAsync();
        after.Broker.Clock.Advance(TimeSpan.FromSeconds(15));
        (await after.ResumeAsync("back", 5)).Present.ShouldBeTrue();
        var subscriber = (await after.ResumeAsync("s")).Client;
        await subscriber.ExpectNothingAsync(); // [MQTT5-3.1.3-9]
        after.Broker.Clock.Advance(TimeSpan.FromSeconds(6));

        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("gone");
        await subscriber.SendAsync(Packet.Puback(1));
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task Messages_of_a_shared_subscription_stay_with_their_group()
    {
        await using var before = await Power.OnAsync();
        await before.SubscribedAndAwayAsync("a", "$share/g/t", 1, 5);
        await before.PublishAsync("t", "x", 1);

        await using var after = await before.CutAsync();
        var other = await after.Broker.ConnectAsync("b", 5);
        await other.SubscribeAsync("$share/g/t", 1);
        var ended = await after.Broker.ConnectAsync("a", 5); // A clean start: the session that was chosen ends.

        (await other.ReceivePublishAsync()).Payload.ShouldBe("x", "[MQTT5-4.8.2-4]");
        await ended.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_order_of_qos_1_messages_outlives_restarts_in_the_middle()
    {
        await using var first = await Power.OnAsync();
        await first.SubscribedAndAwayAsync("s", "t", 1);
        for (var i = 0; i < 300; i++) await first.PublishAsync("t", i.ToString(CultureInfo.InvariantCulture), 1);

        var expected = 0;
        var power = first;
        for (var cuts = 0; expected < 300; cuts++)
        {
            cuts.ShouldBeLessThan(100, "there is progress");
            power = await power.CutAsync();
            var subscriber = (await power.ResumeAsync("s")).Client;
            for (var i = 0; i < 90 && expected < 300; i++)
            {
                var message = await subscriber.ReceivePublishAsync();
                var number = int.Parse(message.Payload, CultureInfo.InvariantCulture);
                number.ShouldBeLessThanOrEqualTo(expected, "none is left out");
                if (number < expected) message.Dup.ShouldBeTrue("[MQTT-3.3.1-1]");
                expected = Math.Max(expected, number + 1);
                if (i % 3 != 2) await subscriber.SendAsync(Packet.Puback(message.Id)); // One of three is acknowledged by the next connection only.
            }

            await subscriber.SendAsync(Packet.Pingreq);
            while ((await subscriber.ReceiveAsync())[0] != 0xD0)
            {
            }

            await power.SettleAsync();
        }
    }

    [Fact]
    public async Task Qos_2_messages_are_had_once_and_in_order_whenever_the_power_is_cut()
    {
        await using var first = await Power.OnAsync();
        await first.SubscribedAndAwayAsync("s", "t", 2);
        for (var i = 0; i < 100; i++) await first.PublishAsync("t", i.ToString(CultureInfo.InvariantCulture), 2);

        // A client as the standard wants it: it owns what it has not seen released.
        var owned = new HashSet<int>();
        var had = new List<string>();
        var random = new Random(4);
        var power = first;
        for (var cuts = 0; had.Count < 100 || owned.Count > 0; cuts++)
        {
            cuts.ShouldBeLessThan(500, "there is progress");
            power = await power.CutAsync();
            var subscriber = (await power.ResumeAsync("s")).Client;
            for (var packets = random.Next(1, 150); packets > 0 && (had.Count < 100 || owned.Count > 0); packets--)
            {
                var packet = await subscriber.ReceiveAsync();
                if (packet[0] == 0x62)
                {
                    var released = (packet[2] << 8) | packet[3];
                    _ = owned.Remove(released);
                    await subscriber.SendAsync(Packet.Pubcomp(released));
                    continue;
                }

                var message = Received.Parse(packet, 4);
                if (owned.Add(message.Id)) had.Add(message.Payload);
                else message.Dup.ShouldBeTrue();
                await subscriber.SendAsync(Packet.Pubrec(message.Id));
            }
        }

        had.ShouldBe(Enumerable.Range(0, 100).Select(i => i.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Whose_message_is_retained_is_known_after_a_restart()
    {
        await using var first = await Power.OnAsync();
        foreach (var name in (string[])["own", "foreign"])
        {
            var publisher = await first.Broker.ConnectAsync(name, 5);
            await publisher.SendAsync(Packet.Publish5($"t/{name}", "x", 1, id: 1, retain: true));
            (await publisher.ReceiveAsync())[0].ShouldBe((byte)0x40);
        }

        var power = await first.CutAsync();
        var client = await power.Broker.ConnectAsync("own", 5);
        await client.SubscribeAsync("t/#", 0x04);

        (await client.ReceivePublishAsync()).Topic.ShouldBe("t/foreign", "[MQTT5-3.8.3-3]");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_disk_that_fails_delays_acknowledgements_and_loses_nothing()
    {
        await using var power = await Power.OnAsync();
        await power.SubscribedAndAwayAsync("s", "t", 1);
        await power.SettleAsync();
        power.Store.Fail(times: 1);
        var publisher = await power.Broker.ConnectAsync("p");

        await publisher.SendAsync(Packet.Publish("t", "x", 1, id: 1));
        await publisher.ExpectNothingAsync();
        while (power.Broker.Broker.StoreFault is null) await Task.Yield();
        power.Broker.Broker.StoreFault.ShouldBe("The disk is full.");
        await publisher.ExpectAsync(Packet.Puback(1));

        power.Broker.Broker.StoreFault.ShouldBeNull();
        var (subscriber, _) = await power.ResumeAsync("s");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("x");
    }

    [Fact]
    public async Task Whoever_sends_more_than_the_disk_takes_is_not_read_any_further()
    {
        await using var power = await Power.OnAsync(new MqttBrokerOptions { ReceiveMaximum = 10 });
        await power.SubscribedAndAwayAsync("s", "t", 1);
        power.Store.Hold();
        var publisher = await power.Broker.ConnectAsync("p");

        await publisher.SendAsync([.. Enumerable.Range(1, 11).Select(i => Packet.Publish("t", "x", 1, id: i))]);
        while (power.Broker.Broker.Core.Metrics.MessagesIn < 11) await Task.Yield();
        await publisher.SendAsync(Packet.Pingreq);
        var other = await power.Broker.ConnectAsync("other");
        await other.ExpectNothingAsync();
        publisher.HasReceived.ShouldBeFalse();
        power.Store.Release();

        for (var i = 1; i <= 11; i++) await publisher.ExpectAsync(Packet.Puback(i));
        await publisher.ExpectAsync(Packet.Pingresp);
    }
}
