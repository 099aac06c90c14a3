using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Broker.Tests.Authentication;

public sealed class ExchangeTests
{
    private const string Scram = "SCRAM-SHA-256";

    [Fact]
    public async Task A_user_logs_in_by_scram_and_again_on_the_live_connection()
    {
        await using var broker = new BrokerUnderTest { Profile = ScramProfile() };
        var scram = new ScramClient("na,me=", "secret", "first");
        var client = await broker.OpenAsync(Connect("a", Scram, scram.First), 5);
        var challenge = Authentication.Of(await client.ReceiveAsync());
        challenge.ShouldSatisfyAllConditions(() => challenge.Type.ShouldBe(0xF0), () => challenge.Code.ShouldBe(0x18), () => challenge.Method.ShouldBe(Scram));

        await client.SendAsync(Auth(0x18, Scram, scram.Last(challenge.Data)));

        var connack = Authentication.Of(await client.ReceiveAsync());
        connack.ShouldSatisfyAllConditions(() => connack.Type.ShouldBe(0x20), () => connack.Code.ShouldBe(0), () => connack.Method.ShouldBe(Scram, "[MQTT5-4.12.0-5]"));
        scram.Trusts(connack.Data).ShouldBeTrue();

        var again = new ScramClient("na,me=", "secret", "second");
        await client.SubscribeAsync("t");
        await client.SendAsync(Auth(0x19, Scram, again.First));
        var second = Authentication.Of(await client.ReceiveAsync());
        await client.SendAsync(Packet.Publish5("t", "meanwhile"));
        (await client.ReceivePublishAsync()).Payload.ShouldBe("meanwhile", "5.0 4.12.1: other packets may flow between");
        await client.SendAsync(Auth(0x18, Scram, again.Last(second.Data)));
        var done = Authentication.Of(await client.ReceiveAsync());
        done.ShouldSatisfyAllConditions(() => done.Type.ShouldBe(0xF0), () => done.Code.ShouldBe(0), () => done.Method.ShouldBe(Scram));
        again.Trusts(done.Data).ShouldBeTrue();
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_changes_nothing()
    {
        await using var broker = new BrokerUnderTest { Profile = ScramProfile() };
        var scram = new ScramClient("na,me=", "wrong", "x");
        var client = await broker.OpenAsync(Connect("a", Scram, scram.First), 5);
        var challenge = Authentication.Of(await client.ReceiveAsync());

        await client.SendAsync(Auth(0x18, Scram, scram.Last(challenge.Data)), Packet.Publish5("t", "x", retain: true));

        await client.ExpectClosedAsync(0x20, 3, 0, 0x86, 0);
        client.Reason.ShouldBe("The user name or the password is wrong.");
        broker.Broker.Core.Retained.Count.ShouldBe(0);
        broker.Broker.Core.Sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Who_fails_to_authenticate_again_or_becomes_another_is_disconnected()
    {
        await using var broker = new BrokerUnderTest { Profile = ScramProfile() };
        foreach (var (other, password, code, reason) in ((string, string, byte, string)[])
            [("na,me=", "wrong", 0x87, "The user name or the password is wrong."), ("other", "secret", 0x87, "A connection cannot become another user's or device's.")])
        {
            var client = await LoggedInAsync(broker);
            var scram = new ScramClient(other, password, "x");
            await client.SendAsync(Auth(0x19, Scram, scram.First));
            var challenge = Authentication.Of(await client.ReceiveAsync());
            await client.SendAsync(Auth(0x18, Scram, scram.Last(challenge.Data)));

            await client.ExpectClosedAsync(0xE0, 1, code);
            client.Reason.ShouldBe(reason);
        }
    }

    [Theory]
    [InlineData("none", 0x8C, "[MQTT5-4.12.0-1]")]
    [InlineData("throws at once", 0x80, "its fault costs its client only")]
    [InlineData("throws", 0x80, "its fault costs its client only")]
    [InlineData("refuses", 0x9F, "its own reason")]
    public async Task What_the_exchange_refuses_the_client_is_told(string method, byte code, string why)
    {
        await using var broker = new BrokerUnderTest { Profile = new Scripted() };

        var client = await broker.OpenAsync(Connect("a", method, null), 5);

        (await client.ReceiveToEndAsync()).ShouldBe([0x20, 3, 0, code, 0], why);
        client.Reason.ShouldNotBeNullOrEmpty();
        (await broker.ConnectAsync("b")).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_exchange_may_have_many_steps_and_take_its_time()
    {
        var profile = new Scripted();
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = await broker.OpenAsync(Connect("a", "counts", [0]), 5);

        for (byte step = 0; step < 9; step++)
        {
            var question = Authentication.Of(await client.ReceiveAsync());
            question.Code.ShouldBe(0x18);
            question.Data.ShouldBe([(byte)(step + 1)]);
            await client.SendAsync(Auth(0x18, "counts", question.Data));
        }

        var connack = Authentication.Of(await client.ReceiveAsync());
        (connack.Type, connack.Code).ShouldBe((0x20, 0));
        connack.Data.ShouldBeEmpty();
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("C000", "PINGREQ")]
    [InlineData("300400017400", "PUBLISH")]
    [InlineData("F00B19091500066C697374656E", "AUTH 0x19")]
    [InlineData("F00A18081500056F74686572", "another method")]
    [InlineData("F000", "AUTH without a reason")]
    public async Task While_the_client_authenticates_itself_nothing_else_may_come(string hex, string what)
    {
        await using var broker = new BrokerUnderTest { Profile = new Scripted() };
        var client = await broker.OpenAsync(Connect("a", "listen", null), 5);
        _ = await client.ReceiveAsync();

        await client.SendAsync(Convert.FromHexString(hex));

        var connack = await client.ReceiveToEndAsync();
        connack[..3].ShouldBe([0x20, 3, 0], what);
        connack[3].ShouldBeOneOf<byte>(0x81, 0x82);
        client.Reason.ShouldNotBeNullOrEmpty();
        broker.Broker.Core.Sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_may_give_up_while_it_authenticates_itself()
    {
        await using var broker = new BrokerUnderTest { Profile = new Scripted() };
        var client = await broker.OpenAsync(Connect("a", "listen", null), 5);
        _ = await client.ReceiveAsync();

        await client.SendAsync(Packet.Disconnect);

        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData("listen", "the client has the word")]
    [InlineData("hangs", "the exchange has it")]
    [InlineData("hangs deaf", "and does not hear of its end")]
    public async Task The_connect_timeout_holds_for_the_exchange(string method, string who)
    {
        await using var broker = new BrokerUnderTest { Profile = new Scripted() };
        var client = await broker.OpenAsync(Connect("a", method, null), 5);
        if (method == "listen") _ = await client.ReceiveAsync();

        broker.Clock.Advance(TimeSpan.FromSeconds(11));

        (await client.ReceiveToEndAsync()).ShouldBeEmpty(who);
        broker.Broker.Core.Connecting.Count.ShouldBe(0);
    }

    [Fact]
    public async Task An_exchange_that_hangs_on_a_live_connection_ends_it()
    {
        var profile = new Scripted();
        await using var broker = new BrokerUnderTest { Profile = profile };
        var client = await broker.OpenAsync(Connect("a", "accepts, then hangs", null), 5);
        Authentication.Of(await client.ReceiveAsync()).Code.ShouldBe(0);

        await client.SendAsync(Auth(0x19, "accepts, then hangs", []));
        await profile.Hanging.Task.WaitAsync(TimeSpan.FromSeconds(20));
        broker.Clock.Advance(TimeSpan.FromSeconds(11));

        await client.ExpectClosedAsync(0xE0, 1, 0x80);
    }

    [Theory]
    [InlineData(null, 0x19, "x", "[MQTT5-4.12.0-6]")]
    [InlineData("accepts", 0x19, "x", "[MQTT5-4.12.0-5]")]
    [InlineData("accepts", 0x18, "accepts", "nothing is under way")]
    public async Task An_auth_that_must_not_come_ends_the_connection(string? method, byte code, string named, string clause)
    {
        await using var broker = new BrokerUnderTest { Profile = new Scripted() };
        var client = await broker.OpenAsync(method is null ? Packet.Connect("a", 5) : Connect("a", method, null), 5);
        _ = await client.ReceiveAsync();

        await client.SendAsync(Auth(code, named, []));

        (await client.ReceiveToEndAsync()).ShouldBe([0xE0, 1, 0x82], clause);
    }

    [Fact]
    public async Task A_stranger_may_not_send_more_with_auth_than_with_connect()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxConnectBytes = 1000 }) { Profile = new Scripted() };
        var client = await broker.OpenAsync(Connect("a", "listen", null), 5);
        _ = await client.ReceiveAsync();

        await client.SendAsync([0xF0, 0xE9, 0x07]);

        await client.ExpectClosedAsync(0x20, 3, 0, 0x95, 0);
    }

    private static OpenProfile ScramProfile() => new(
        new AccessPolicy { Anonymous = AnonymousAccess.Refused },
        new PasswordGate(TimeProvider.System),
        [
            new ScramSha256Authenticator(new Dictionary<string, ScramCredential>
            {
                ["na,me="] = ScramCredential.Derive("secret", "0123456789"u8, 4096),
                ["other"] = ScramCredential.Derive("secret", "9876543210"u8, 4096),
            }),
        ],
        NullLogger.Instance);

    private static async Task<WireClient> LoggedInAsync(BrokerUnderTest broker)
    {
        var scram = new ScramClient("na,me=", "secret", "x");
        var client = await broker.OpenAsync(Connect("a", Scram, scram.First), 5);
        await client.SendAsync(Auth(0x18, Scram, scram.Last(Authentication.Of(await client.ReceiveAsync()).Data)));
        Authentication.Of(await client.ReceiveAsync()).Code.ShouldBe(0);
        return client;
    }

    private static byte[] Connect(string clientId, string method, byte[]? data) => Packet.Connect(
        clientId, 5, properties: [Packet.Property(0x15, Packet.Text(method)), data is null ? [] : Packet.Property(0x16, Packet.Field(data))]);

    private static byte[] Auth(byte code, string method, byte[] data) => Packet.Frame(
        0xF0, [code], Packet.Properties(Packet.Property(0x15, Packet.Text(method)), data.Length == 0 ? [] : Packet.Property(0x16, Packet.Field(data))));

    /// <summary>An AUTH or CONNACK that was received.</summary>
    private sealed record Authentication(int Type, int Code, string? Method, byte[] Data)
    {
        public static Authentication Of(byte[] packet)
        {
            var at = packet[1] < 0x80 ? 2 : 3;
            if (packet[0] == 0x20) at++;
            var code = packet[at++];
            var properties = Mqtt.Packets.MqttProperties.Decode(packet.AsSpan(at + (packet[at] < 0x80 ? 1 : 2)));
            return new Authentication(packet[0], code, properties?.AuthenticationMethod, properties?.AuthenticationData ?? []);
        }
    }

    /// <summary>A listener whose methods are what their names say.</summary>
    private sealed class Scripted : IListenerProfile
    {
        public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private int _begun;

        public IAuthenticationExchange? BeginAuthentication(IMqttClient client, string method) => method switch
        {
            "none" => null,
            "throws at once" => throw new NotSupportedException("a fault of the profile"),
            "throws" => new Exchange((_, _) => throw new NotSupportedException("a fault of the exchange")),
            "refuses" => new Exchange((_, _) => Task.FromResult(AuthenticationStep.Refuse(ConnectRuling.TooManyAttempts, "Slowly."))),
            "counts" => new Exchange(async (data, _) =>
            {
                await Task.Yield();
                return data.Span[0] == 9 ? AuthenticationStep.Accept() : AuthenticationStep.Continue(new[] { (byte)(data.Span[0] + 1) });
            }),
            "hangs" => new Exchange(HangAsync),
            "hangs deaf" => new Exchange((_, _) => HangAsync(default, CancellationToken.None)),
            "accepts" => new Exchange((_, _) => Task.FromResult(AuthenticationStep.Accept())),
            "accepts, then hangs" => new Exchange((data, cancel) => ++_begun == 1 ? Task.FromResult(AuthenticationStep.Accept()) : HangAsync(data, cancel)),
            _ => new Exchange((_, _) => Task.FromResult(AuthenticationStep.Continue("go on"u8.ToArray()))),
        };

        public void OnConnected(IMqttClient client)
        {
        }

        public void OnDisconnected(IMqttClient client)
        {
        }

        public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Route;

        public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => SubscribeRuling.Grant;

        public void Take(IMqttClient client, MqttMessage message) => throw new InvalidOperationException("It takes nothing.");

        private async Task<AuthenticationStep> HangAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
        {
            Hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return AuthenticationStep.Accept();
        }
    }

    private sealed class Exchange(Func<ReadOnlyMemory<byte>, CancellationToken, Task<AuthenticationStep>> step) : IAuthenticationExchange
    {
        public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => new(step(data, cancellationToken));
    }
}
