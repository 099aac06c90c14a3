using System.Net;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

public sealed class ConnectingTests
{
    private static readonly EndPoint Somewhere = new IPEndPoint(IPAddress.Loopback, 40_001);

    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 0x86)]
    public async Task Whoever_wants_a_session_that_lasts_is_refused(int version, byte code)
    {
        await using var gateway = new DeviceGateway();

        var connack = await gateway.Open(version).ConnectAsync(clientId: "x", user: "gw1@app1", password: "secret", clean: false);

        connack.Code.ShouldBe(code);
        if (version == 5) connack.Reason.ShouldStartWith("Clean session must be 1");
    }

    [Theory]
    [InlineData("gw1@app1", "secret", "", 0, "form 1")]
    [InlineData("gw1@app1", "wrong", "", 4, "a wrong password")]
    [InlineData("gw1@other", "secret", "", 4, "another application")]
    [InlineData("nobody@app1", "secret", "", 4, "an unknown device")]
    [InlineData("sensor%40home@app1", "home", "", 0, "a name with an @ of its own")]
    [InlineData("u1", "pw1", "gw1@app1", 0, "form 2")]
    [InlineData("u1", "wrong", "gw1@app1", 4, "form 2 with a wrong password")]
    [InlineData("u1", "pw1", "gw1", 4, "no application anywhere")]
    [InlineData("gw1@app1", null, "", 4, "no password")]
    [InlineData(null, null, "gw1@app1", 4, "a client identifier is no credential")]
    [InlineData("@app1", "secret", "", 4, "no device")]
    [InlineData("gw1@", "secret", "", 4, "no application")]
    public async Task Names_and_passwords_let_in_whom_they_should(string? user, string? password, string clientId, byte code, string why)
    {
        await using var gateway = new DeviceGateway(devices: [new TestDevice("sensor@home") { Password = "home" }]);

        var old = await gateway.Open(4).ConnectAsync(clientId, user, password);
        var modern = await gateway.Open(5).ConnectAsync(clientId, user, password);

        old.Code.ShouldBe(code, why);
        modern.Code.ShouldBe(code == 0 ? code : (byte)0x86, why);
    }

    [Fact]
    public async Task A_name_is_decoded_and_an_application_taken_as_it_is()
    {
        await using var gateway = new DeviceGateway();

        await gateway.Open().ConnectAsync(user: "a%40b%2Fc@app%201@x", password: "p");
        await gateway.Open().ConnectAsync(clientId: "d%20e@app1", user: "u", password: "p");

        gateway.Registry.Presented.ShouldBe([new DevicePassword("app%201@x", "a@b/c", "p"), new DeviceUserPassword("app1", "d e", "u", "p")]);
    }

    [Theory]
    [InlineData(DeviceRefusal.UnreadableConfiguration, 4, 0x86, "spec.mqtt")]
    [InlineData(DeviceRefusal.Unavailable, 4, 0x86, "registry")]
    [InlineData(DeviceRefusal.BadCredentials, 4, 0x86, "credentials")]
    [InlineData(DeviceRefusal.TooManyAttempts, 3, 0x9F, "later")]
    public async Task A_reason_string_tells_the_causes_apart(DeviceRefusal refusal, byte old, byte code, string word)
    {
        await using var gateway = new DeviceGateway(devices: [new TestDevice("odd") { Password = "p", Refusal = refusal }]);

        (await gateway.Open(4).ConnectAsync(user: "odd@app1", password: "p")).Code.ShouldBe(old);
        var connack = await gateway.Open(5).ConnectAsync(user: "odd@app1", password: "p");

        connack.Code.ShouldBe(code);
        connack.Reason.ShouldContain(word);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_thousand_connections_of_a_device_leave_nothing(int version)
    {
        await using var gateway = new DeviceGateway();
        for (var i = 0; i < 1000; i++)
        {
            var client = gateway.Open(version);
            (await client.ConnectAsync(clientId: $"c{i}", user: "gw1@app1", password: "secret")).Code.ShouldBe((byte)0);
            await client.SubscribeAsync("command/inbox/#");
            if (i % 2 == 0) await client.DisconnectAsync();
            await client.DieAsync();
        }

        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Count(what => what == "-gw1") == 1000);
        await gateway.Profile.StopAsync(CancellationToken.None);
        gateway.Broker.Clients.ShouldBeEmpty();
        gateway.Broker.Status.ConnectedClients.ShouldBe(0);
        gateway.Broker.FindClient("c999").ShouldBeNull("nothing of a session survives its connection");
        (await gateway.Registry.SendAsync(new DeviceCommand("1", "gw1", "set", default))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_or_a_key_lets_in_and_not_both_or_with_a_name()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.IssueClient("dev9");
        await using var gateway = new DeviceGateway(devices: [new TestDevice("dev9") { CertificateSubject = "CN=dev9", Password = "nine", Key = [1] }]);
        var shown = new MqttPeer(MqttTransport.Tls, Somewhere) { UnverifiedCertificate = certificate };
        var keyed = new MqttPeer(MqttTransport.Tls, Somewhere) { PskIdentity = "dev9@app1" };

        foreach (var (version, refused) in ((int, byte)[])[(4, 4), (5, 0x86)])
        {
            (await gateway.Open(version, shown).ConnectAsync()).Code.ShouldBe((byte)0);
            (await gateway.Open(version, keyed).ConnectAsync()).Code.ShouldBe((byte)0);
            (await gateway.Open(version, shown).ConnectAsync(user: "dev9@app1", password: "nine")).Code.ShouldBe(refused);
            (await gateway.Open(version, keyed).ConnectAsync(user: "dev9@app1", password: "nine")).Code.ShouldBe(refused);
            (await gateway.Open(version, shown).ConnectAsync(user: "dev9@app1")).Code.ShouldBe(refused);
            (await gateway.Open(version, shown with { PskIdentity = "dev9@app1" }).ConnectAsync()).Code.ShouldBe(refused);
            (await gateway.Open(version, keyed with { PskIdentity = "dev9" }).ConnectAsync()).Code.ShouldBe(refused);
        }
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 0x86)]
    public async Task A_password_that_is_no_text_is_refused(byte version, byte code)
    {
        await using var gateway = new DeviceGateway();
        var client = gateway.Open(version);
        byte[] properties = version == 5 ? [0] : [];

        await client.SendAsync(0x10, [.. DeviceClient.Text("MQTT"), version, 0xC2, 0, 60, .. properties, .. DeviceClient.Text(""), .. DeviceClient.Text("gw1@app1"), 0, 2, 0xC3, 0x28]);

        (await client.ReadAsync())!.Body[1].ShouldBe(code);
        gateway.Registry.Presented.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_connack_tells_what_there_is_not()
    {
        await using var gateway = new DeviceGateway();

        var connack = await gateway.Open(5).ConnectAsync(clientId: "c", user: "gw1@app1", password: "secret");

        Pairs(connack.Properties).ShouldBe([(0x28, 1), (0x29, 0), (0x2A, 0)], ignoreOrder: true, "wildcards; subscription identifiers; shared subscriptions");
    }

    [Fact]
    public async Task A_session_expiry_is_ignored_and_the_client_told_so()
    {
        await using var gateway = new DeviceGateway();
        var client = gateway.Open(5);

        var connack = await client.ConnectAsync(clientId: "c", user: "gw1@app1", password: "secret", properties: [0x11, 0, 0, 0, 100]);

        connack.Properties.AsSpan().IndexOf((byte[])[0x11, 0, 0, 0, 0]).ShouldBeGreaterThanOrEqualTo(0);
        await client.SendAsync(0xE0, 0, 5, 0x11, 0, 0, 0, 100);
        await client.ShouldBeClosedSilentlyAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_device_that_comes_again_ends_its_earlier_connection_whatever_the_client_identifiers(int version)
    {
        await using var gateway = new DeviceGateway();
        var first = gateway.Open(version);
        await first.ConnectAsync(clientId: "one", user: "gw1@app1", password: "secret");
        var other = await gateway.ConnectAsync(version, "dev2", "two");

        var second = gateway.Open(version);
        (await second.ConnectAsync(clientId: "two", user: "gw1@app1", password: "secret")).Code.ShouldBe((byte)0);

        if (version == 5) (await first.DisconnectedAsync()).ShouldBe((byte)0x8E);
        await first.ShouldBeClosedSilentlyAsync();
        await second.ShouldBeAliveAndHearNothingAsync();
        await other.ShouldBeAliveAndHearNothingAsync();
        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Count(what => what.EndsWith("gw1", StringComparison.Ordinal)) == 3);
        gateway.Registry.Happened.Where(what => what.EndsWith("gw1", StringComparison.Ordinal)).ShouldBe(["+gw1", "-gw1", "+gw1"]);
    }

    [Fact]
    public async Task Two_devices_may_use_one_client_identifier()
    {
        await using var gateway = new DeviceGateway();
        var first = gateway.Open();
        var second = gateway.Open();

        await first.ConnectAsync(clientId: "same", user: "gw1@app1", password: "secret");
        await second.ConnectAsync(clientId: "same", user: "dev2@app1", password: "two");

        await first.ShouldBeAliveAndHearNothingAsync();
        await second.ShouldBeAliveAndHearNothingAsync();
    }

    [Fact]
    public async Task No_client_identifier_takes_the_session_of_a_device()
    {
        await using var gateway = new DeviceGateway();
        var device = await gateway.ConnectAsync();
        var plain = new OpenProfile(AnonymousAccess.Allowed);
        foreach (var guess in new[] { "app1/gw1", "gw1@app1", "gw1" })
        {
            var (pipe, server) = KuzzleV2.WirePipe.Pair();
            var served = gateway.Broker.ServeAsync(server, new MqttPeer(MqttTransport.Tcp, Somewhere), plain, CancellationToken.None);
            var client = new DeviceClient(pipe, 4, served);
            (await client.ConnectAsync(clientId: guess)).Code.ShouldBe((byte)0);
            await client.DieAsync();
        }

        await device.ShouldBeAliveAndHearNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_device_that_was_disabled_is_closed_and_told_in_mqtt_5(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("+gw1"));

        gateway.Registry.SessionOf("gw1").Close(SessionEnd.Disabled);

        if (version == 5) (await client.DisconnectedAsync()).ShouldBe((byte)0x98);
        await client.ShouldBeClosedSilentlyAsync();
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed_after_fifteen_seconds()
    {
        var clock = new ManualClock();
        var gateway = new DeviceGateway(clock: clock);
        var client = gateway.Open();

        clock.Advance(TimeSpan.FromSeconds(14));
        client.WhenGoneAsync().IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(2));

        await client.ShouldBeClosedSilentlyAsync();
        await client.WhenGoneAsync();
        await gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_keep_alive_holds_and_none_holds_for_ever(int version)
    {
        var clock = new ManualClock();
        var gateway = new DeviceGateway(clock: clock);
        var quiet = gateway.Open(version);
        await quiet.ConnectAsync(user: "gw1@app1", password: "secret", keepAlive: 10);
        var patient = gateway.Open(version);
        await patient.ConnectAsync(user: "dev2@app1", password: "two", keepAlive: 0);

        clock.Advance(TimeSpan.FromSeconds(16));

        if (version == 5) (await quiet.DisconnectedAsync()).ShouldBe((byte)0x8D);
        await quiet.ShouldBeClosedSilentlyAsync();
        clock.Advance(TimeSpan.FromHours(1));
        await patient.ShouldBeAliveAndHearNothingAsync();
        await gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_packet_of_more_than_16_KiB_ends_the_connection(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);

        await client.PublishAsync("big", new string('x', (16 * 1024) - 64));
        await client.ShouldBeAliveAndHearNothingAsync();
        await client.PublishAsync("big", new string('x', 16 * 1024));

        if (version == 5) (await client.DisconnectedAsync()).ShouldBe((byte)0x95);
        await client.ShouldBeClosedSilentlyAsync();
    }

    private static List<(int Id, int Value)> Pairs(byte[] properties) => [.. properties.Chunk(2).Select(pair => ((int)pair[0], (int)pair[1]))];
}
