using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Tests.Events;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Handlers;

/// <summary>What the program decides about a CONNECT.</summary>
public sealed class ConnectHandlerTests
{
    [Theory]
    [InlineData(4, ReasonCode.Banned, new byte[] { 0x20, 2, 0, 5 })]
    [InlineData(4, ReasonCode.ServerBusy, new byte[] { 0x20, 2, 0, 3 })]
    [InlineData(4, ReasonCode.ClientIdentifierNotValid, new byte[] { 0x20, 2, 0, 2 })]
    [InlineData(5, ReasonCode.ConnectionRateExceeded, new byte[] { 0x20, 3, 0, 0x9F, 0 })]
    public async Task A_client_refused_before_anything_else_is_answered_and_closed(int version, ReasonCode reason, byte[] connack)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { PreConnect = (_, _) => new(PreConnectDecision.Refuse(reason)) });

        var client = await broker.OpenAsync(Packet.Connect("c", version), version);

        await client.ExpectClosedAsync(connack);
    }

    [Fact]
    public async Task A_client_that_is_not_wanted_is_closed_without_an_answer()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { PreConnect = (_, _) => new(PreConnectDecision.Close) });

        var client = await broker.OpenAsync(Packet.Connect("c"));

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_handler_may_change_the_connect_packet()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            PreConnect = (context, _) =>
            {
                context.Packet = context.Packet with { ClientId = "site-" + context.Packet.ClientId, KeepAlive = 30, UserName = "changed" };
                return new(PreConnectDecision.Continue);
            },
        });

        await broker.ConnectAsync("c");

        var client = broker.Broker.FindClient("site-c").ShouldNotBeNull();
        client.KeepAlive.ShouldBe(TimeSpan.FromSeconds(30));
        client.UserName.ShouldBe("changed");
        broker.Broker.FindClient("c").ShouldBeNull();
    }

    [Fact]
    public async Task An_identifier_that_a_handler_gives_to_a_client_without_one_is_told_to_it()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            PreConnect = (context, _) =>
            {
                context.Packet = context.Packet with { ClientId = "given" };
                return default;
            },
        });

        var client = await broker.OpenAsync(Packet.Connect("", 5), 5);

        Convert.ToHexString(await client.ReceiveAsync()).ShouldContain("12" + Convert.ToHexString(Packet.Text("given")));
    }

    [Fact]
    public async Task A_change_that_no_packet_could_carry_refuses_the_client()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            PreConnect = (context, _) =>
            {
                context.Packet = context.Packet with { Will = context.Packet.Will! with { Topic = "a/#" } };
                return default;
            },
        });

        var client = await broker.OpenAsync(Packet.Connect("c", will: new Packet.Will("a", "x")));

        await client.ExpectClosedAsync(0x20, 2, 0, 3);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(9, 5)]
    [InlineData(0, 5)]
    public async Task Return_codes_from_2_to_5_are_kept_and_others_become_5(int given, byte sent)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { Authenticate = (_, _) => new(AuthenticateDecision.RefuseWithReturnCode(given)) });

        var client = await broker.OpenAsync(Packet.Connect("c"));

        await client.ExpectClosedAsync(0x20, 2, 0, sent);
    }

    [Fact]
    public async Task An_accepted_client_is_who_the_handler_says_and_its_password_is_gone()
    {
        await using var broker = new BrokerUnderTest();
        ReadOnlyMemory<byte> kept = default;
        broker.Broker.Use(new DelegateHandler
        {
            Authenticate = (context, _) =>
            {
                kept = context.Password;
                context.PasswordEquals("secre").ShouldBeFalse();
                return new(context.PasswordEquals("secret") ? AuthenticateDecision.Accept("ops") : AuthenticateDecision.Refuse());
            },
        });

        var client = await broker.OpenAsync(Packet.Connect("c", user: "somebody", password: "secret"));
        await client.ExpectAsync(0x20, 2, 0, 0);

        broker.Broker.FindClient("c")!.Identity.ToString().ShouldBe("user:ops");
        kept.ToArray().ShouldBe(new byte[6]);
        await client.SendAsync(Packet.Publish("t", "x", 1, id: 1));
        await client.ExpectAsync(Packet.Puback(1));
    }

    [Fact]
    public async Task The_first_opinion_counts_by_order_and_then_registration()
    {
        var asked = new List<string>();
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(
            Says("late", 1, AuthenticateDecision.Refuse()),
            Says("first", 0, AuthenticateDecision.NoOpinion),
            Says("second", 0, AuthenticateDecision.Accept()),
            Says("third", 0, AuthenticateDecision.Refuse()));

        await broker.ConnectAsync("c");

        asked.ShouldBe(["first", "second"]);

        DelegateHandler Says(string name, int order, AuthenticateDecision decision) => new()
        {
            Order = order,
            Authenticate = (_, _) =>
            {
                asked.Add(name);
                return new(decision);
            },
        };
    }

    [Fact]
    public async Task Without_an_opinion_the_listener_decides()
    {
        await using var broker = new BrokerUnderTest { Profile = new Kuzzle.Edge.Broker.Listeners.OpenProfile(Kuzzle.Edge.Broker.Listeners.AnonymousAccess.Refused) };
        broker.Broker.Use(new DelegateHandler { Authenticate = (_, _) => default });

        var client = await broker.OpenAsync(Packet.Connect("c"));

        await client.ExpectClosedAsync(0x20, 2, 0, 5);
    }

    [Fact]
    public async Task A_handler_that_throws_has_refused()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { Authenticate = (_, _) => throw new InvalidOperationException("the directory is away") });

        var client = await broker.OpenAsync(Packet.Connect("c"));

        await client.ExpectClosedAsync(0x20, 2, 0, 3);
    }

    [Fact]
    public async Task A_handler_that_does_not_answer_in_time_has_refused_and_is_told()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { HandlerTimeout = TimeSpan.FromSeconds(2) });
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler
        {
            Authenticate = async (_, cancellationToken) =>
            {
                await using var registration = cancellationToken.Register(told.SetResult);
                asked.SetResult();
                await told.Task;
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                return AuthenticateDecision.Accept();
            },
        });
        var client = await broker.OpenAsync(Packet.Connect("c"));
        await asked.Task;

        // In small steps with time between them: the broker's own timer is made after the handler was asked, and no other bound shall be reached.
        while (!told.Task.IsCompleted)
        {
            broker.Clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(20);
        }

        await client.ExpectClosedAsync(0x20, 2, 0, 3);
    }

    [Fact]
    public async Task A_handler_is_told_when_its_client_has_gone()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { HandlerTimeout = TimeSpan.FromMinutes(1) });
        var asked = new TaskCompletionSource();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler
        {
            Authenticate = async (_, cancellationToken) =>
            {
                await using var registration = cancellationToken.Register(told.SetResult);
                asked.SetResult();
                await told.Task;
                return AuthenticateDecision.Accept();
            },
        });
        var client = await broker.OpenAsync(Packet.Connect("c"));
        await asked.Task;

        await broker.TurnClockUntilAsync(told.Task); // The connect timeout: the broker ends the connection.

        await client.ExpectClosedAsync();
        broker.Broker.FindClient("c").ShouldBeNull();
    }

    [Theory]
    [InlineData(42, true)]
    [InlineData(43, false)]
    public async Task A_client_may_send_as_many_packets_before_its_connack_as_the_queue_limit_says(int packets, bool isServed)
    {
        await using var broker = new BrokerUnderTest();
        var events = Recorder.Of(broker, BrokerEventKinds.ConnectionError);
        var judged = new TaskCompletionSource<AuthenticateDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler { Authenticate = (_, _) => new(judged.Task) });
        var client = await broker.OpenAsync(Packet.Connect("c"));

        for (var i = 0; i < packets; i++) await client.SendAsync(Packet.Publish("t", "x", 1, id: i + 1));

        if (isServed)
        {
            judged.SetResult(AuthenticateDecision.Accept());
            await client.ExpectAsync(0x20, 2, 0, 0);
            for (var i = 0; i < packets; i++) await client.ExpectAsync(Packet.Puback(i + 1));
        }
        else
        {
            await client.ExpectClosedAsync();
            (await events.NextAsync()).ShouldBeOfType<ConnectionError>().Reason.ShouldBe("client queue limit reached");
        }
    }

    [Fact]
    public async Task Without_a_queue_limit_what_comes_before_connack_waits()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { QueueLimit = 0 });
        var judged = new TaskCompletionSource<AuthenticateDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler { Authenticate = (_, _) => new(judged.Task) });
        var client = await broker.OpenAsync(Packet.Connect("c"));
        for (var i = 0; i < 100; i++) await client.SendAsync(Packet.Publish("t", "x", 1, id: i + 1));

        judged.SetResult(AuthenticateDecision.Accept());

        await client.ExpectAsync(0x20, 2, 0, 0);
        for (var i = 0; i < 100; i++) await client.ExpectAsync(Packet.Puback(i + 1));
    }

    [Theory]
    [InlineData(23, new byte[] { 0x20, 2, 0, 0 })]
    [InlineData(24, new byte[] { 0x20, 2, 0, 2 })]
    public async Task An_identifier_of_3_1_has_23_characters_at_the_most(int length, byte[] connack)
    {
        await using var broker = new BrokerUnderTest();

        var client = await broker.OpenAsync(Packet.Connect(new string('c', length), version: 3), 3);

        await client.ExpectAsync(connack);
    }
}
