using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Attacks;

public sealed class HostileInputTests
{
    [Theory]
    [InlineData(0x30)]
    [InlineData(0x31)]
    [InlineData(0x82)]
    [InlineData(0xA2)]
    public async Task Sixty_five_thousand_levels_are_refused_cleanly(byte header)
    {
        await using var broker = new BrokerUnderTest();
        var healthy = await broker.ConnectAsync("healthy");
        await healthy.SubscribeAsync("#");
        var client = await broker.ConnectAsync("a", 5);
        var topic = Packet.Text(new string('/', 65_535));

        await client.SendAsync(header switch
        {
            0x82 => Packet.Frame(header, Packet.Word(1), [0], topic, [0]),
            0xA2 => Packet.Frame(header, Packet.Word(1), [0], topic),
            _ => Packet.Frame(header, topic, [0], [1]),
        });

        if (header >= 0x82) (await client.ReceiveAsync())[^1].ShouldBe((byte)0x8F);
        else (await client.ReceiveToEndAsync()).ShouldBe([0xE0, 1, 0x90]);
        await healthy.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("20020000", "a CONNACK")]
    [InlineData("9003000100", "a SUBACK")]
    [InlineData("B0020001", "an UNSUBACK")]
    [InlineData("D000", "a PINGRESP")]
    [InlineData("00", "type 0")]
    [InlineData("F000", "type 15 before 5.0")]
    [InlineData("C00100", "a PINGREQ with a body")]
    [InlineData("4003000100", "a PUBACK with more than it may have")]
    [InlineData("E00100", "a 3.1.1 DISCONNECT with a body")]
    [InlineData("C0FFFFFFFF01", "a length of five bytes")]
    [InlineData("32030001610001", "a PUBLISH cut before its identifier")]
    [InlineData("3002FFFF", "a topic beyond its packet")]
    [InlineData("30020000", "a topic of length 0")]
    [InlineData("82050001000174", "a SUBSCRIBE cut behind its filter")]
    [InlineData("8204000100FF", "a filter beyond its packet")]
    [InlineData("A204000100FF", "a filter beyond its packet")]
    [InlineData("400100", "a PUBACK cut in its identifier")]
    [InlineData("101000044d5154540502003c0321001400006202d301e0020020", "a second CONNECT in front of noise")]
    public async Task What_no_client_may_send_closes(string hex, string what)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Convert.FromHexString(hex));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(what);
    }

    [Theory]
    [InlineData("3003000000", "no topic and no alias")]
    [InlineData("30040001747F", "properties beyond the packet")]
    [InlineData("3008000174FFFFFFFF01", "a property length of five bytes")]
    [InlineData("300600017402FFFF", "a property that is none")]
    [InlineData("3008000174042600FF61", "a user property beyond its list")]
    [InlineData("8206000100000174", "a SUBSCRIBE cut behind its filter")]
    [InlineData("82040001037F", "a SUBSCRIBE cut in its properties")]
    [InlineData("62030001FF", "a reason code that is none")]
    [InlineData("E0020011", "a DISCONNECT cut in its properties")]
    [InlineData("F00218FF", "an AUTH cut in its properties")]
    public async Task A_cut_or_lying_packet_of_5_0_closes(string hex, string what)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        await client.SendAsync(Convert.FromHexString(hex));

        (await client.ReceiveToEndAsync()).ShouldSatisfyAllConditions(
            said => said.Length.ShouldBe(3, what), said => said[0].ShouldBe((byte)0xE0), said => said[2].ShouldBeGreaterThanOrEqualTo((byte)0x80));
    }

    [Fact]
    public async Task Nothing_is_allocated_by_announced_length()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxConnectBytes = 268_435_460, MaxPacketBytes = 268_435_460 });
        var before = GC.GetTotalAllocatedBytes(precise: true);

        for (var i = 0; i < 200; i++) await (await broker.OpenAsync([0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0, 4])).BreakAsync();

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(200L * 1024 * 1024, "a single one announces 256 MiB");
    }

    [Fact]
    public async Task Strangers_are_few_and_leave_room_for_others_when_their_time_is_up()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxConnecting = 3 });
        var strangers = Enumerable.Range(0, 3).Select(_ => broker.Open()).ToList();
        await (await broker.OpenAsync(Packet.Connect("late"))).ExpectClosedAsync();

        broker.Clock.Advance(TimeSpan.FromSeconds(11));
        foreach (var stranger in strangers) await stranger.ExpectClosedAsync();

        for (var i = 0; i < 10; i++) _ = await broker.ConnectAsync($"client {i}");
        broker.Broker.Core.Connecting.Count.ShouldBe(0);
    }

    [Fact]
    public async Task One_qos_2_identifier_with_many_payloads_is_one_message()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", clean: false);

        for (var i = 0; i < 1000; i++)
        {
            await client.SendAsync(Packet.Publish("t", $"{i}", 2, id: 1));
            await client.ExpectAsync(Packet.Pubrec(1));
        }

        broker.Broker.Core.Sessions.Find("a")!.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Shared_and_plain_filters_of_one_topic_are_kept_apart()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5);

        for (var i = 0; i < 100; i++)
        {
            await client.SubscribeAsync("$share/n/t");
            await client.SendAsync(Packet.Unsubscribe5(1, "t"));
            await client.ExpectAsync(0xB0, 4, 0, 1, 0, 0x11);
            await client.SubscribeAsync("t");
            await client.SendAsync(Packet.Unsubscribe5(1, "$share/n/t"));
            await client.ExpectAsync(0xB0, 4, 0, 1, 0, 0);
            await client.SendAsync(Packet.Unsubscribe5(1, "t"));
            await client.ExpectAsync(0xB0, 4, 0, 1, 0, 0);
        }

        broker.Broker.Core.Tree.CountNodes().ShouldBe(0);
    }

    [Fact]
    public async Task Large_packets_pass_in_any_pieces()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", 1);
        var packet = Packet.Publish("t", new string('x', 500_000), 1, id: 1);

        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < packet.Length; at += 7_777) await client.SendAsync(packet[at..Math.Min(packet.Length, at + 7_777)]);
        });

        (await client.ReceivePublishAsync()).Payload.Length.ShouldBe(500_000);
        await client.ExpectAsync(Packet.Puback(1));
        await sending;
    }

    [Fact]
    public async Task Random_bytes_end_the_connection_and_nothing_else()
    {
        await using var broker = new BrokerUnderTest();
        var healthy = await broker.ConnectAsync("healthy");
        var random = new Random(20261121);
        for (var i = 0; i < 300; i++)
        {
            var client = await broker.ConnectAsync($"client {i % 7}", i % 2 == 0 ? 4 : 5, clean: i % 3 == 0);
            var noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            await client.SendAsync(noise);
            await client.BreakAsync();
        }

        await healthy.ExpectNothingAsync();
        broker.Broker.Core.Metrics.Clients.ShouldBe(1);
    }
}
