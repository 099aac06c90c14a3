using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Handlers;

/// <summary>What the program decides about filters.</summary>
public sealed class SubscribeHandlerTests
{
    [Fact]
    public async Task One_filter_is_refused_and_its_neighbours_stand()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (context, _) => new(context.Filter == "b" ? SubscribeDecision.Refuse() : SubscribeDecision.NoOpinion) });
        var client = await broker.ConnectAsync("c");

        await client.SendAsync(Packet.Subscribe(1, ("a", 1), ("b", 1), ("c", 2)));

        await client.ExpectAsync(0x90, 5, 0, 1, 1, 0x80, 2);
        await client.SendAsync(Packet.Publish("b", "x"), Packet.Publish("c", "y"));
        (await client.ReceivePublishAsync()).Topic.ShouldBe("c");
    }

    [Fact]
    public async Task A_refusal_has_its_reason_in_version_5()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (_, _) => new(SubscribeDecision.Refuse(ReasonCode.QuotaExceeded)) });
        var client = await broker.ConnectAsync("c", 5);

        await client.SendAsync(Packet.Subscribe5(1, [], ("a", 1)));

        await client.ExpectAsync(0x90, 4, 0, 1, 0, 0x97);
    }

    [Fact]
    public async Task A_rewritten_filter_is_the_only_one_and_unsubscribing_the_old_name_ends_it()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizeSubscribe = (context, _) => new(context.Filter == "bbb" ? SubscribeDecision.Allow("foo", QualityOfService.AtLeastOnce) : SubscribeDecision.NoOpinion),
        });
        var client = await broker.ConnectAsync("c");

        await client.SendAsync(Packet.Subscribe(1, ("bbb", 0)));

        await client.ExpectAsync(0x90, 3, 0, 1, 1);
        await client.SendAsync(Packet.Publish("bbb", "x"), Packet.Publish("foo", "y"));
        (await client.ReceivePublishAsync()).Topic.ShouldBe("foo");
        await client.SendAsync(Packet.Unsubscribe(2, "bbb"));
        await client.ExpectAsync(0xB0, 2, 0, 2);
        await client.SendAsync(Packet.Publish("foo", "z"));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_handler_may_close_the_connection_and_then_nothing_is_granted()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (context, _) => new(context.Filter == "b" ? SubscribeDecision.Disconnect : SubscribeDecision.NoOpinion) });
        var client = await broker.ConnectAsync("c");

        await client.SendAsync(Packet.Subscribe(1, ("a", 0), ("b", 0)));

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Filters_of_a_resumed_session_are_asked_about_again()
    {
        await using var broker = new BrokerUnderTest();
        var restored = new List<string>();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizeSubscribe = (context, _) =>
            {
                if (!context.IsRestore) return default;

                restored.Add(context.Filter);
                return new(context.Filter switch
                {
                    "refused" => SubscribeDecision.Refuse(),
                    "lowered" => SubscribeDecision.Allow(qos: QualityOfService.AtMostOnce),
                    "moved" => SubscribeDecision.Allow("elsewhere"),
                    _ => SubscribeDecision.NoOpinion,
                });
            },
        });
        var client = await broker.ConnectAsync("c", clean: false);
        foreach (var filter in (string[])["refused", "lowered", "moved", "kept"]) await client.SubscribeAsync(filter, 1);
        await client.BreakAsync();

        var (resumed, isPresent) = await broker.ResumeAsync("c");

        isPresent.ShouldBeTrue();
        restored.Order().ShouldBe(["kept", "lowered", "moved", "refused"]);
        var publisher = await broker.ConnectAsync("p");
        await publisher.SendAsync([.. ((string[])["refused", "lowered", "moved", "kept", "elsewhere"]).Select((topic, i) => Packet.Publish(topic, "x", 1, id: i + 1))]);
        (await resumed.ReceivePublishAsync()).ShouldSatisfyAllConditions(message => message.Topic.ShouldBe("lowered"), message => message.Qos.ShouldBe(0));
        (await resumed.ReceivePublishAsync()).Topic.ShouldBe("kept");
        (await resumed.ReceivePublishAsync()).ShouldSatisfyAllConditions(message => message.Topic.ShouldBe("elsewhere"), message => message.Qos.ShouldBe(1));
        await resumed.SendAsync(Packet.Puback(1), Packet.Puback(2));
        broker.Broker.FindClient("c")!.Filters.Order().ShouldBe(["elsewhere", "kept", "lowered"]);
    }

    [Fact]
    public async Task A_slow_answer_holds_up_only_the_packets_behind_it()
    {
        await using var broker = new BrokerUnderTest();
        var slow = new TaskCompletionSource<SubscribeDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (_, _) => new(slow.Task) });
        var client = await broker.ConnectAsync("c");

        await client.SendAsync(Packet.Subscribe(1, ("t", 0)), Packet.Publish("t", "x"), Packet.Pingreq);
        client.HasReceived.ShouldBeFalse();
        slow.SetResult(SubscribeDecision.Allow());

        await client.ExpectAsync(0x90, 3, 0, 1, 0);
        (await client.ReceivePublishAsync()).Payload.ShouldBe("x");
        await client.ExpectAsync(Packet.Pingresp);
    }

    [Fact]
    public async Task A_handler_that_fails_refuses_the_filter()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizeSubscribe = (_, _) => throw new InvalidOperationException() });
        var client = await broker.ConnectAsync("c", 5);

        await client.SendAsync(Packet.Subscribe5(1, [], ("a", 1)));

        await client.ExpectAsync(0x90, 4, 0, 1, 0, 0x83);
    }
}
