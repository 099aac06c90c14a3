using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Connect;

public sealed class ConnectTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Every_version_is_welcome(int version)
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.ConnectAsync("a", version);

        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("C000", "[MQTT-3.1.0-1]")]
    [InlineData("40020001", "[MQTT-3.1.0-1]")]
    [InlineData("E000", "[MQTT-3.1.0-1]")]
    [InlineData("F000", "[MQTT5-3.1.0-1]")]
    [InlineData("30FFFFFF7F", "refused from the first byte")]
    [InlineData("474554202F20485454502F312E31", "HTTP")]
    [InlineData("1603010200", "TLS")]
    [InlineData("10FFFFFFFF7F", "3.1.1 2.2.3: a length has four bytes")]
    [InlineData("10FFFFFF7F00", "more than a stranger may send")]
    public async Task What_is_no_connect_is_closed_without_a_word(string hex, string why)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.OpenAsync(Convert.FromHexString(hex));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(why);
    }

    [Fact]
    public async Task A_second_connect_closes()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");

        await client.SendAsync(Packet.Connect("a"));

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Packets_arrive_whole_however_the_network_cuts_them()
    {
        await using var broker = new BrokerUnderTest();
        var client = broker.Open();
        byte[] all = [.. Packet.Connect("a"), .. Packet.Subscribe(1, ("t", 0)), .. Packet.Publish("t", "hello"), .. Packet.Pingreq];

        foreach (var piece in all) await client.SendAsync([piece]);

        await client.ExpectAsync(0x20, 2, 0, 0);
        await client.ExpectAsync(0x90, 3, 0, 1, 0);
        (await client.ReceivePublishAsync()).Payload.ShouldBe("hello");
        await client.ExpectAsync(Packet.Pingresp);
    }

    [Fact]
    public async Task Everything_in_one_segment_is_handled_in_order()
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync([.. Packet.Connect("a"), .. Packet.Publish("t", "kept", retain: true), .. Packet.Subscribe(1, ("t", 0))]);

        await client.ExpectAsync(0x20, 2, 0, 0);
        await client.ExpectAsync(0x90, 3, 0, 1, 0);
        (await client.ReceivePublishAsync()).Retain.ShouldBeTrue("a PUBLISH handled before the SUBSCRIBE arrives as retained, once");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task An_empty_client_id_needs_a_clean_session()
    {
        await using var broker = new BrokerUnderTest();
        var dirty = await broker.OpenAsync(Packet.Connect("", clean: false));
        var clean = await broker.OpenAsync(Packet.Connect(""));

        await dirty.ExpectClosedAsync(0x20, 2, 0, 2);
        await clean.ExpectAsync(0x20, 2, 0, 0);
    }

    [Fact]
    public async Task A_client_without_an_id_is_told_the_one_it_got()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.OpenAsync(Packet.Connect("", version: 5), version: 5);

        var connack = await client.ReceiveAsync();

        connack[3].ShouldBe((byte)0);
        connack.ShouldContain((byte)0x12, "[MQTT5-3.2.2-16]");
    }

    [Fact]
    public async Task An_unknown_authentication_method_is_refused()
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Packet.Connect("a", 5, properties: [Packet.Property(0x15, Packet.Text("x"))]), 5);

        await client.ExpectClosedAsync(0x20, 3, 0, 0x8C, 0);
    }

    [Fact]
    public async Task Who_is_refused_has_nothing_of_what_followed_processed()
    {
        await using var broker = new BrokerUnderTest { Profile = new OpenProfile(AnonymousAccess.Refused) };

        var client = await broker.OpenAsync([.. Packet.Connect("a"), .. Packet.Publish("t", "x", retain: true)]);

        await client.ExpectClosedAsync(0x20, 2, 0, 5);
        broker.Broker.Core.Retained.Count.ShouldBe(0, "[MQTT-3.1.4-5]");
        broker.Broker.Core.Sessions.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(4, "20020004")]
    [InlineData(5, "2003008600")]
    public async Task Credentials_that_nobody_knows_are_wrong(int version, string connack)
    {
        await using var broker = new BrokerUnderTest { Profile = new OpenProfile(AnonymousAccess.Refused) };

        var client = await broker.OpenAsync(Packet.Connect("a", version, user: "u", password: "p"), version);

        await client.ExpectClosedAsync(Convert.FromHexString(connack));
    }

    [Fact]
    public async Task A_connection_that_sends_no_connect_is_closed_in_time()
    {
        await using var broker = new BrokerUnderTest();
        var client = broker.Open();
        await client.SendAsync(Packet.Connect("a")[..5]);

        broker.Clock.Advance(TimeSpan.FromSeconds(9.9));
        client.Served.IsCompleted.ShouldBeFalse();
        broker.Clock.Advance(TimeSpan.FromSeconds(0.2));

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task An_answer_larger_than_the_client_accepts_is_not_sent()
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Packet.Connect("a", 5, properties: [Packet.Property(0x27, Packet.Wide(4))]), 5);

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_stopping_broker_says_so()
    {
        var broker = new BrokerUnderTest();
        var old = await broker.ConnectAsync("a");
        var current = await broker.ConnectAsync("b", 5);

        await broker.Broker.StopAsync(CancellationToken.None);

        await old.ExpectClosedAsync();
        await current.ExpectClosedAsync(0xE0, 1, 0x8B);
        await broker.OpenAsync([]).ContinueWith(opened => opened.Result.ExpectClosedAsync(), TaskScheduler.Default).Unwrap();
        await broker.DisposeAsync();
    }
}
