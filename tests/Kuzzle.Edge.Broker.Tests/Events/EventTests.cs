using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Events;

/// <summary>What happens, in its order.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task A_client_comes_and_goes()
    {
        await using var broker = new BrokerUnderTest();
        var events = Recorder.Of(broker);

        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("x/#", 1);
        await client.SendAsync(Packet.Unsubscribe(2, "x/#", "unknown"));
        await client.ReceiveAsync();
        await client.SubscribeAsync("y");
        await client.LeaveAsync();

        (await events.NextAsync(8)).ShouldBe(
        [
            "client a", "connack a Success New", "ready a", "subscribe a x/#=1", "unsubscribe a x/# Requested", "subscribe a y=0", "disconnect a Normal",
            "unsubscribe a y Closed",
        ]);
    }

    [Fact]
    public async Task A_session_is_resumed()
    {
        await using var broker = new BrokerUnderTest();
        var stages = new List<string>();
        broker.Broker.Use(new DelegateHandler
        {
            PreConnect = (_, _) => Note<PreConnectDecision>("preConnect"),
            Authenticate = (_, _) => Note<AuthenticateDecision>("authenticate"),
            AuthorizeSubscribe = (_, _) => Note<SubscribeDecision>("authorizeSubscribe"),
            AuthorizeForward = (in ForwardContext _) =>
            {
                stages.Add("authorizeForward");
                return ForwardDecision.Pass;
            },
        });
        var client = await broker.ConnectAsync("a", clean: false);
        await client.SubscribeAsync("t", 1);
        await client.BreakAsync();
        broker.Broker.Publish(MqttMessage.OfText("t", "x") with { Qos = Mqtt.QualityOfService.AtLeastOnce });
        stages.Clear();
        var events = Recorder.Of(broker);

        var (resumed, _) = await broker.ResumeAsync("a");
        var message = await resumed.ReceivePublishAsync();
        await resumed.SendAsync(Packet.Puback(message.Id));

        (await events.NextAsync(4)).ShouldBe(["client a", "connack a Success Resumed", "ready a", "ack a t"]);
        stages.Distinct().ShouldBe(["preConnect", "authenticate", "authorizeSubscribe", "authorizeForward"]);

        ValueTask<T> Note<T>(string stage)
        {
            stages.Add(stage);
            return default;
        }
    }

    [Fact]
    public async Task A_session_is_taken_over()
    {
        await using var broker = new BrokerUnderTest();
        await broker.ConnectAsync("a");
        var events = Recorder.Of(broker);

        await broker.ConnectAsync("a");

        (await events.NextAsync(4)).ShouldBe(["disconnect a TakenOver", "client a", "connack a Success New", "ready a"]);
    }

    [Fact]
    public async Task A_refused_publication_ends_its_client_after_its_will()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) => new(context.IsWill ? PublishDecision.NoOpinion : PublishDecision.Refuse("not so")),
        });
        var client = await broker.ConnectAsync("a", will: new Packet.Will("gone", "x"));
        await client.SubscribeAsync("t");
        var events = Recorder.Of(broker);

        await client.SendAsync(Packet.Publish("t", "x", 1, id: 1));
        await client.ExpectClosedAsync();

        (await events.NextAsync(4)).ShouldBe(["error a", "publish gone by nobody", "disconnect a NotAllowed", "unsubscribe a t Closed"]);
    }

    [Fact]
    public async Task A_silent_client_is_reported_before_it_is_gone()
    {
        await using var broker = new BrokerUnderTest();
        await broker.ConnectAsync("a", keepAlive: 10);
        var events = Recorder.Of(broker);

        broker.Clock.Advance(TimeSpan.FromSeconds(16));

        (await events.NextAsync(3)).ShouldBe(["keep-alive a", "error a", "disconnect a KeepAliveTimeout"]);
    }

    [Fact]
    public async Task Faults_before_the_identifier_is_known_are_those_of_the_connection()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { Authenticate = (_, _) => new(AuthenticateDecision.Refuse()) });
        var events = Recorder.Of(broker, BrokerEventKinds.ConnectionError | BrokerEventKinds.ClientError | BrokerEventKinds.ConnackSent);

        var wrong = await broker.OpenAsync(Packet.Pingreq);
        await wrong.ExpectClosedAsync();
        var refused = await broker.OpenAsync(Packet.Connect("a"));
        await refused.ExpectClosedAsync(0x20, 2, 0, 4);

        (await events.NextAsync(3)).ShouldBe(["connection error", "connack a BadUserNameOrPassword New", "error a"]);
    }

    [Fact]
    public async Task A_connection_that_never_speaks_is_reported()
    {
        await using var broker = new BrokerUnderTest();
        var events = Recorder.Of(broker);
        broker.Open();

        broker.Clock.Advance(TimeSpan.FromSeconds(11));

        (await events.NextAsync(1)).ShouldBe(["connection error"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_acknowledged_message_is_named_also_for_clean_sessions(int qos)
    {
        await using var broker = new BrokerUnderTest();
        var events = Recorder.Of(broker, BrokerEventKinds.MessageAcknowledged | BrokerEventKinds.MessagePublished);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t", 2);

        broker.Broker.Publish(MqttMessage.OfText("t", "x") with { Qos = (Mqtt.QualityOfService)qos });
        var message = await client.ReceivePublishAsync();
        if (qos == 1)
        {
            await client.SendAsync(Packet.Puback(message.Id));
        }
        else
        {
            await client.SendAsync(Packet.Pubrec(message.Id));
            await client.ExpectAsync(Packet.Pubrel(message.Id));
            await client.SendAsync(Packet.Pubcomp(message.Id));
        }

        (await events.NextAsync(2)).ShouldBe(["publish t by nobody", "ack a t"]);
    }

    [Fact]
    public async Task Refused_filters_are_listed_and_repeated_ones_once()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (context, _) => new(context.Filter == "neg" ? SubscribeDecision.Refuse() : SubscribeDecision.NoOpinion) });
        var client = await broker.ConnectAsync("a");
        var events = Recorder.Of(broker);

        await client.SendAsync(Packet.Subscribe(1, ("x", 0), ("neg", 1), ("x", 1)));
        await client.ExpectAsync(0x90, 5, 0, 1, 0, 0x80, 1);

        (await events.NextAsync(1)).ShouldBe(["subscribe a neg=135 x=1"]);
    }

    [Fact]
    public async Task A_session_that_expires_loses_its_subscriptions()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a", 5, properties: Packet.Property(0x11, Packet.Wide(10)));
        await client.SubscribeAsync("t");
        await client.BreakAsync();
        var events = Recorder.Of(broker);

        broker.Clock.Advance(TimeSpan.FromSeconds(12));

        (await events.NextAsync(1)).ShouldBe(["unsubscribe a t Expired"]);
    }

    [Fact]
    public async Task Pings_are_heard_by_those_who_ask_for_them()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("a");
        var usual = Recorder.Of(broker);
        var all = Recorder.Of(broker, BrokerEventKinds.All);

        await client.ExpectNothingAsync();
        await client.LeaveAsync();

        (await all.NextAsync(1)).ShouldBe(["ping a"]);
        (await usual.NextAsync(1)).ShouldBe(["disconnect a Normal"]);
    }

    [Fact]
    public async Task The_end_of_the_broker_is_the_last_event()
    {
        var broker = new BrokerUnderTest();
        await broker.ConnectAsync("a");
        var events = Recorder.Of(broker);

        await broker.DisposeAsync();

        (await events.ToEndAsync()).ShouldBe(["disconnect a Shutdown", "closed"]);
    }

    [Fact]
    public async Task A_slow_observer_loses_the_oldest_events_and_holds_up_nobody()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { EventQueueLimit = 4 });
        var observer = new SlowObserver();
        await using var watching = broker.Broker.Observe(observer);
        var client = await broker.ConnectAsync("a");

        for (var i = 0; i < 20; i++) await client.SendAsync(Packet.Publish($"t/{i}", "x", 1, id: i + 1));
        for (var i = 0; i < 20; i++) await client.ExpectAsync(Packet.Puback(i + 1));
        observer.Free.SetResult();
        while (observer.Topics.LastOrDefault() != "t/19") await Task.Yield();

        observer.Topics.Count.ShouldBeLessThanOrEqualTo(5);
        observer.Topics.TakeLast(4).ShouldBe(["t/16", "t/17", "t/18", "t/19"]);
    }

    [Fact]
    public async Task An_observer_that_throws_hears_the_next_event()
    {
        await using var broker = new BrokerUnderTest();
        var observer = new ThrowingObserver();
        await using var watching = broker.Broker.Observe(observer);

        await broker.ConnectAsync("a");
        await broker.ConnectAsync("b");

        (await observer.Second.Task).ShouldBe("b");
    }

    private sealed class SlowObserver : IBrokerObserver
    {
        private readonly List<string> _topics = [];

        public TaskCompletionSource Free { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public BrokerEventKinds Watches => BrokerEventKinds.MessagePublished;

        public List<string> Topics
        {
            get
            {
                lock (_topics) return [.. _topics];
            }
        }

        public async ValueTask OnMessagePublishedAsync(MessagePublished happened, CancellationToken cancellationToken)
        {
            await Free.Task;
            lock (_topics) _topics.Add(happened.Message.Topic);
        }
    }

    private sealed class ThrowingObserver : IBrokerObserver
    {
        public TaskCompletionSource<string> Second { get; } = new();

        public ValueTask OnClientReadyAsync(ClientReady happened, CancellationToken cancellationToken)
        {
            if (happened.Client.ClientId == "a") throw new InvalidOperationException("not this one");

            Second.SetResult(happened.Client.ClientId);
            return default;
        }
    }
}
