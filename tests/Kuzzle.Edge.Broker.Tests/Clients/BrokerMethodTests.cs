using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Tests.Durability;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Clients;

/// <summary>What the program does with a running broker.</summary>
public sealed class BrokerMethodTests
{
    [Fact]
    public async Task A_program_publishes_to_all_who_subscribed_without_being_asked_whether_it_may()
    {
        await using var broker = new BrokerUnderTest();
        var heard = new List<string>();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (_, _) => throw new InvalidOperationException("nobody asked"),
            Published = (context, _) =>
            {
                context.Client.ShouldBeNull();
                heard.Add(context.Message.Topic);
                return default;
            },
        });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("#");

        await broker.Program.PublishAsync(MqttMessage.OfText("test2", "hello"));

        (await client.ReceivePublishAsync()).Payload.ShouldBe("hello");
        heard.ShouldBe(["test2"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/+")]
    [InlineData("1/2/3/4")]
    public async Task A_topic_that_is_none_is_refused(string topic)
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxTopicLevels = 3 });

        await Should.ThrowAsync<ArgumentException>(async () => await broker.Program.PublishAsync(MqttMessage.OfText(topic, "x")));
    }

    [Fact]
    public async Task Publishing_completes_when_the_message_is_stored()
    {
        await using var power = await Power.OnAsync();
        await power.SubscribedAndAwayAsync("s", "t", 1);
        power.Store.Hold();

        var publishing = power.Broker.Program.PublishAsync(MqttMessage.OfText("t", "x") with { Qos = QualityOfService.AtLeastOnce }).AsTask();
        publishing.IsCompleted.ShouldBeFalse();
        power.Store.Release();

        await publishing;
    }

    [Fact]
    public async Task A_program_that_subscribes_gets_retained_messages_first_and_then_all_in_order()
    {
        await using var broker = new BrokerUnderTest();
        await broker.Program.PublishAsync(MqttMessage.OfText("t/0", "old") with { Retain = true });
        var heard = new List<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await broker.Broker.SubscribeAsync("t/+", (message, _) =>
        {
            lock (heard) heard.Add(message.ReadText());
            if (message.ReadText() == "99") all.SetResult();
            return default;
        });
        var client = await broker.ConnectAsync("c");

        for (var i = 0; i < 100; i++) await client.SendAsync(Packet.Publish("t/1", $"{i}"));
        await all.Task.WaitAsync(TimeSpan.FromSeconds(20));

        heard.ShouldBe(["old", .. Enumerable.Range(0, 100).Select(i => $"{i}")]);
    }

    [Fact]
    public async Task A_program_that_is_slow_loses_the_oldest_messages_and_holds_up_nobody()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { EventQueueLimit = 3 });
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heard = new List<string>();
        await using var subscription = await broker.Broker.SubscribeAsync("t", async (message, _) =>
        {
            await free.Task;
            lock (heard) heard.Add(message.ReadText());
        });
        var client = await broker.ConnectAsync("c");

        for (var i = 0; i < 10; i++) await client.SendAsync(Packet.Publish("t", $"{i}", 1, id: i + 1));
        for (var i = 0; i < 10; i++) await client.ExpectAsync(Packet.Puback(i + 1));
        free.SetResult();
        while (Heard().LastOrDefault() != "9") await Task.Yield();

        Heard().TakeLast(3).ShouldBe(["7", "8", "9"]);
        broker.Broker.Core.Metrics.CountDropped(Broker.Metrics.DropReason.SlowProgram).ShouldBeGreaterThanOrEqualTo(6);

        List<string> Heard()
        {
            lock (heard) return [.. heard];
        }
    }

    [Fact]
    public async Task An_ended_subscription_hears_no_more_and_leaves_nothing_behind()
    {
        await using var broker = new BrokerUnderTest();
        var nodes = broker.Broker.Core.Tree.CountNodes();
        var heard = 0;
        var subscription = await broker.Broker.SubscribeAsync("a/+/b", (_, _) =>
        {
            heard++;
            return default;
        });

        await subscription.DisposeAsync();
        await broker.Program.PublishAsync(MqttMessage.OfText("a/x/b", "x"));

        heard.ShouldBe(0);
        broker.Broker.Core.Tree.CountNodes().ShouldBe(nodes);
    }

    [Fact]
    public async Task Connected_clients_can_be_listed_found_and_looked_at()
    {
        await using var broker = new BrokerUnderTest();
        var leaver = await broker.ConnectAsync("gone", clean: false);
        await leaver.LeaveAsync();
        var client = await broker.ConnectAsync("c", 5, keepAlive: 30, properties: Packet.Property(0x11, Packet.Wide(60)));
        await client.SubscribeAsync("x/#");

        var found = broker.Broker.FindClient("c").ShouldNotBeNull();

        broker.Broker.Clients.ShouldBe([found]);
        broker.Broker.FindClient("gone").ShouldBeNull();
        (found.Version, found.KeepAlive.TotalSeconds, found.SessionExpiry.TotalSeconds).ShouldBe((MqttVersion.V5, 30, 60));
        found.Filters.ShouldBe(["x/#"]);
        broker.Broker.Status.ShouldSatisfyAllConditions(
            status => status.ConnectedClients.ShouldBe(1),
            status => status.State.ShouldBe(BrokerState.Serving),
            status => Guid.TryParse(status.Id, out _).ShouldBeTrue());
    }

    [Fact]
    public async Task A_client_can_be_sent_away_with_a_reason()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("c", 5);
        var found = broker.Broker.FindClient("c")!;

        found.Disconnect(ReasonCode.QuotaExceeded);

        await client.ExpectClosedAsync(0xE0, 1, 0x97);
        found.IsConnected.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => found.Disconnect(ReasonCode.GrantedQoS1));
        await Should.ThrowAsync<InvalidOperationException>(async () => await found.PublishAsync(MqttMessage.OfText("t", "x")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_can_be_sent_a_message_that_it_has_not_subscribed_to(int qos)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("c");
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync("#");

        await broker.Broker.FindClient("c")!.PublishAsync(MqttMessage.OfText("only/you", "x") with { Qos = (QualityOfService)qos });

        var received = await client.ReceivePublishAsync();
        (received.Topic, received.Qos).ShouldBe(("only/you", qos));
        await other.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_client_can_be_subscribed_and_unsubscribed()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("c");
        await broker.Program.PublishAsync(MqttMessage.OfText("t", "retained") with { Retain = true });
        var found = broker.Broker.FindClient("c")!;

        await found.SubscribeAsync("t", QualityOfService.AtLeastOnce);

        (await client.ReceivePublishAsync()).Payload.ShouldBe("retained");
        (await found.UnsubscribeAsync("t")).ShouldBeTrue();
        (await found.UnsubscribeAsync("t")).ShouldBeFalse();
        await broker.Program.PublishAsync(MqttMessage.OfText("t", "x"));
        await client.ExpectNothingAsync();
        await Should.ThrowAsync<ArgumentException>(async () => await found.SubscribeAsync("a/#/b"));
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once()
    {
        await using var broker = new BrokerUnderTest();
        await broker.Broker.StopAsync(CancellationToken.None);

        await broker.Broker.StopAsync(CancellationToken.None);

        broker.Broker.Status.State.ShouldBe(BrokerState.Closed);
    }

    [Fact]
    public async Task Handlers_are_given_before_the_first_connection()
    {
        await using var broker = new BrokerUnderTest();
        await broker.ConnectAsync("c");

        Should.Throw<InvalidOperationException>(() => broker.Broker.Use(new DelegateHandler()));
    }

    [Fact]
    public void Every_option_can_be_set_where_a_program_configures_it() =>
        typeof(MqttBrokerOptions).GetProperties()
            .Where(property => property.SetMethod is { } set && set.ReturnParameter.GetRequiredCustomModifiers().Length > 0)
            .Select(property => property.Name)
            .ShouldBeEmpty("options that are init-only cannot be set in AddMqttBroker(options => …)");

    [Fact]
    public async Task A_broker_without_handlers_and_observers_allocates_nothing_for_them()
    {
        await using var broker = new BrokerUnderTest();
        var core = broker.Broker.Core;
        await broker.ConnectAsync("c");
        var connection = core.Sessions.FindOwner("c")!;
        var (topic, payload) = ("nobody/wants/this"u8.ToArray(), new byte[10]);
        for (var i = 0; i < 200; i++) RouteOne();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) RouteOne();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void RouteOne()
        {
            var batch = core.Batches.Rent();
            var publication = batch.Handle(topic, default, payload, 0, retain: false, long.MaxValue);
            _ = connection.MayReceive(publication);
            _ = core.Router.Route(publication, connection.Session, batch);
            core.Events.Published(publication, connection);
            core.Events.PingReceived(connection);
            core.Batches.Finish(batch);
        }
    }
}
