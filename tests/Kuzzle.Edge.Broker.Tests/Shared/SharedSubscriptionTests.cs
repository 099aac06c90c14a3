using System.Collections.Concurrent;
using System.Globalization;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Shared;

public sealed class SharedSubscriptionTests
{
    private static readonly byte[] Lasting = Packet.Property(0x11, Packet.Wide(1000));

    [Fact]
    public async Task Who_follows_a_slow_member_does_not_get_its_share_too()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxInFlight = 1 });
        var slow = await MemberAsync(broker, "slow", 1);
        var others = new[] { await MemberAsync(broker, "b", 1), await MemberAsync(broker, "c", 1) };
        for (var i = 0; i < 3; i++) broker.Broker.Publish(Message(i));
        foreach (var member in (WireClient[])[slow, .. others]) _ = await member.ReceivePublishAsync();
        broker.Broker.Publish(Message(3)); // It waits for the first, which keeps up no more.
        var first = others[0];
        await first.SendAsync(Packet.Puback(1));
        await others[1].SendAsync(Packet.Puback(1));
        await first.ExpectNothingAsync();
        await others[1].ExpectNothingAsync();

        var had = new int[2];
        for (var i = 4; i < 104; i++)
        {
            broker.Broker.Publish(Message(i));
            for (var at = 0; at < 2; at++)
            {
                await others[at].SendAsync(Packet.Pingreq);
                for (byte[] packet; (packet = await others[at].ReceiveAsync())[0] != 0xD0;)
                {
                    had[at]++;
                    await others[at].SendAsync(Packet.Puback(Received.Parse(packet, 5).Id));
                }
            }
        }

        had.ShouldBe([50, 50]);
    }

    [Fact]
    public async Task The_members_own_quality_counts()
    {
        await using var broker = new BrokerUnderTest();
        var members = new[] { await MemberAsync(broker, "0", 0), await MemberAsync(broker, "1", 1), await MemberAsync(broker, "2", 2) };

        for (var i = 0; i < 3; i++) broker.Broker.Publish(Message(i) with { Qos = QualityOfService.ExactlyOnce });

        for (var qos = 0; qos < 3; qos++) (await members[qos].ReceivePublishAsync()).Qos.ShouldBe(qos, "[MQTT5-4.8.2-3]");
    }

    [Fact]
    public async Task Each_pair_of_name_and_filter_is_a_group_of_its_own_and_has_its_identifier()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);
        foreach (var (filter, identifier) in ((string, byte)[])[("$share/g/t", 1), ("$share/h/t", 2), ("$share/g/+", 3), ("t", 4), ("#", 5)])
        {
            await client.SendAsync(Packet.Subscribe5(1, [Packet.Property(0x0B, [identifier])], (filter, 1)));
            _ = await client.ReceiveAsync();
        }

        broker.Broker.Publish(Message(1));

        var copies = new List<string>();
        for (var i = 0; i < 4; i++) copies.Add(string.Join(' ', (await client.ReceivePublishAsync()).Properties.Chunk(2).Select(pair => pair[1]).Order()));
        copies.ShouldBe(["1", "2", "3", "4 5"], ignoreOrder: true, "one copy for each group, and one for all that is not shared");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retained_messages_are_not_sent_and_live_ones_keep_their_flag_if_asked_to()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Publish(Message(0) with { Retain = true });
        var client = await broker.ConnectAsync("a", 5);
        await client.SubscribeAsync("$share/g/t", 0x09);
        await client.ExpectNothingAsync();

        broker.Broker.Publish(Message(1) with { Retain = true });

        (await client.ReceivePublishAsync()).ShouldSatisfyAllConditions(m => m.Payload.ShouldBe("1"), m => m.Retain.ShouldBeTrue());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_a_member_was_sent_waits_for_it_and_what_it_was_not_goes_to_those_who_are_here(int qos)
    {
        await using var broker = new BrokerUnderTest();
        var leaving = await broker.ConnectAsync("leaving", 5, properties: [Lasting, Packet.Property(0x21, Packet.Word(2))]);
        await leaving.SubscribeAsync("$share/g/t", qos);
        for (var i = 0; i < 10; i++) broker.Broker.Publish(Message(i) with { Qos = (QualityOfService)qos });
        for (var i = 0; i < 2; i++) (await leaving.ReceivePublishAsync()).Payload.ShouldBe($"{i}");
        var staying = await MemberAsync(broker, "staying", qos);
        await staying.ExpectNothingAsync();

        await leaving.BreakAsync();

        for (var i = 2; i < 10; i++) (await staying.ReceivePublishAsync()).Payload.ShouldBe($"{i}", "in their order");
        await staying.ExpectNothingAsync();
        var (again, _) = await broker.ResumeAsync("leaving", 5, Lasting);
        for (var i = 0; i < 2; i++) (await again.ReceivePublishAsync()).ShouldSatisfyAllConditions(m => m.Payload.ShouldBe($"{i}"), m => m.Dup.ShouldBeTrue("[MQTT5-4.8.2-4]"));
        await again.ExpectNothingAsync();
        broker.Broker.Core.Metrics.QueuedBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(1, new[] { "0", "1", "2" }, "[MQTT5-4.8.2-4]: with the session gone another should get it")]
    [InlineData(2, new[] { "2" }, "[MQTT5-4.8.2-5]: what may have arrived goes to nobody else")]
    public async Task When_the_session_of_an_absent_member_ends_others_get_what_they_may(int qos, string[] expected, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var leaving = await broker.ConnectAsync("leaving", 5, properties: [Lasting, Packet.Property(0x21, Packet.Word(2))]);
        await leaving.SubscribeAsync("$share/g/t", qos);
        for (var i = 0; i < 3; i++) broker.Broker.Publish(Message(i) with { Qos = (QualityOfService)qos });
        for (var i = 0; i < 2; i++) _ = await leaving.ReceivePublishAsync();
        await leaving.BreakAsync();
        var staying = await MemberAsync(broker, "staying", qos);
        await staying.ExpectNothingAsync();

        broker.Clock.Advance(TimeSpan.FromSeconds(1001));

        var got = new List<string>();
        for (var i = 0; i < expected.Length; i++) got.Add((await staying.ReceivePublishAsync()).Payload);
        string.Join(' ', got).ShouldBe(string.Join(' ', expected), clause);
        await staying.ExpectNothingAsync();
    }

    [Fact]
    public async Task While_everybody_is_away_messages_wait_for_those_who_come_back()
    {
        await using var broker = new BrokerUnderTest();
        foreach (var name in (string[])["a", "b"])
        {
            var member = await broker.ConnectAsync(name, 5, properties: [Lasting]);
            await member.SubscribeAsync("$share/g/t", 1);
            await member.BreakAsync();
        }

        for (var i = 0; i < 10; i++) broker.Broker.Publish(Message(i));

        var got = new List<string>();
        foreach (var name in (string[])["a", "b"])
        {
            var (again, _) = await broker.ResumeAsync(name, 5, Lasting);
            for (var i = 0; i < 5; i++) got.Add((await again.ReceivePublishAsync()).Payload);
            await again.ExpectNothingAsync();
        }

        got.ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_is_lost_while_many_members_leave_under_load()
    {
        const int Messages = 3000;
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxQueuedMessages = 100_000 });
        var done = new ConcurrentDictionary<string, bool>();
        var staying = await MemberAsync(broker, "staying", 1);
        await staying.SubscribeAsync("end", 1);
        var members = new List<WireClient>();
        for (var i = 0; i < 40; i++) members.Add(await MemberAsync(broker, $"member {i}", 1));

        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                broker.Broker.Publish(Message(i));
                if (i % 20 == 0) await Task.Yield();
            }
        });
        var leaving = members.Select((member, number) => Task.Run(async () =>
        {
            // Each takes some, acknowledges all but the last, and goes.
            for (var left = 2 + (number % 7); ; left--)
            {
                var message = await member.ReceivePublishAsync();
                if (left == 0) break;

                await member.SendAsync(Packet.Puback(message.Id));
                await member.SendAsync(Packet.Pingreq);
                while ((await member.ReceiveAsync())[0] != 0xD0)
                {
                }

                done[message.Payload] = true;
            }

            await member.BreakAsync();
        })).ToList();

        var taking = Task.Run(async () =>
        {
            for (Received message; (message = await staying.ReceivePublishAsync()).Topic != "end";)
            {
                done[message.Payload] = true;
                await staying.SendAsync(Packet.Puback(message.Id));
            }
        });

        await publishing;
        await Task.WhenAll(leaving);
        broker.Broker.Publish(new MqttMessage("end", default) { Qos = QualityOfService.AtLeastOnce }); // Behind all that waits.
        await taking;
        done.Count.ShouldBe(Messages);
        broker.Broker.Core.Metrics.Subscriptions.ShouldBe(2);
    }

    private static async Task<WireClient> MemberAsync(BrokerUnderTest broker, string name, int qos)
    {
        var member = await broker.ConnectAsync(name, 5);
        await member.SubscribeAsync("$share/g/t", qos);
        return member;
    }

    private static MqttMessage Message(int number) =>
        new("t", System.Text.Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))) { Qos = QualityOfService.AtLeastOnce };
}
