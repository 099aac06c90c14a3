using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Handlers;

/// <summary>What the program decides about messages.</summary>
public sealed class PublishHandlerTests
{
    [Fact]
    public async Task A_handler_may_exchange_topic_payload_qos_and_retain()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) =>
            {
                context.Message = MqttMessage.OfText("new", "other") with { Qos = QualityOfService.AtLeastOnce, Retain = true };
                return new(PublishDecision.Allow);
            },
        });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("#", 2);
        var publisher = await broker.ConnectAsync("p");

        await publisher.SendAsync(Packet.Publish("old", "x"));

        var received = await subscriber.ReceivePublishAsync();
        (received.Topic, received.Payload, received.Qos).ShouldBe(("new", "other", 1));
        var late = await broker.ConnectAsync("late");
        await late.SubscribeAsync("#");
        (await late.ReceivePublishAsync()).Retain.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_client_is_acknowledged_in_its_own_qos_whatever_becomes_of_the_message(int qos)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) =>
            {
                context.Message = context.Message with { Qos = QualityOfService.AtMostOnce };
                return default;
            },
        });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("t", 2);

        await client.SendAsync(Packet.Publish("t", "x", qos, id: 7));

        (await client.ReceivePublishAsync()).Qos.ShouldBe(0);
        await client.ExpectAsync(qos == 1 ? Packet.Puback(7) : Packet.Pubrec(7));
    }

    [Fact]
    public async Task A_veto_closes_an_older_client_without_acknowledgement_and_its_will_is_due()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) => new(context.Message.Topic == "aaaa" ? PublishDecision.Refuse("wrong topic") : PublishDecision.NoOpinion),
        });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("#");
        var publisher = await broker.ConnectAsync("p", will: new Packet.Will("gone", "p"));

        await publisher.SendAsync(Packet.Publish("aaaa", "x", 1, id: 1));

        await publisher.ExpectClosedAsync();
        (await subscriber.ReceivePublishAsync()).Topic.ShouldBe("gone");
    }

    [Theory]
    [InlineData(1, new byte[] { 0x40, 3, 0, 1, 0x87 })]
    [InlineData(2, new byte[] { 0x50, 3, 0, 1, 0x87 })]
    public async Task A_veto_is_told_to_a_newer_client_which_goes_on(int qos, byte[] answer)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizePublish = (_, _) => new(PublishDecision.Refuse("no")) });
        var publisher = await broker.ConnectAsync("p", 5);

        await publisher.SendAsync(Packet.Publish5("t", "x", qos, id: 1));

        await publisher.ExpectAsync(answer);
        await publisher.ExpectNothingAsync();
    }

    [Fact]
    public async Task How_a_client_learns_of_a_veto_is_the_handlers_choice()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) => new(PublishDecision.Refuse("no", context.Client!.ClientId == "old" ? RefuseMode.ReasonCode : RefuseMode.Disconnect)),
        });
        var older = await broker.ConnectAsync("old");
        var newer = await broker.ConnectAsync("new", 5);

        await older.SendAsync(Packet.Publish("t", "x", 1, id: 1));
        await newer.SendAsync(Packet.Publish5("t", "x", 1, id: 1));

        await older.ExpectAsync(Packet.Puback(1));
        await newer.ExpectClosedAsync(0xE0, 1, 0x87);
    }

    [Fact]
    public async Task A_dropped_message_goes_nowhere_and_its_sender_does_not_know()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizePublish = (_, _) => new(PublishDecision.Drop) });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("t", 1);

        await client.SendAsync(Packet.Publish("t", "x", 1, id: 1));

        await client.ExpectAsync(Packet.Puback(1));
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(false, new byte[] { 0x40, 3, 0, 1, 0x87 })]
    [InlineData(true, new byte[] { 0x40, 2, 0, 1 })]
    public async Task A_handler_that_allows_everything_does_not_open_the_brokers_own_topics(bool isExplicit, byte[] answer)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { AuthorizePublish = (_, _) => new(isExplicit ? PublishDecision.AllowReserved : PublishDecision.Allow) });
        var client = await broker.ConnectAsync("c", 5);
        var reader = await broker.ConnectAsync("r");
        await reader.SubscribeAsync("$SYS/#");

        await client.SendAsync(Packet.Publish5("$SYS/x", "y", 1, id: 1));

        await client.ExpectAsync(answer);
        if (isExplicit) (await reader.ReceivePublishAsync()).Topic.ShouldBe("$SYS/x");
        else await reader.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_message_cannot_be_moved_to_a_topic_that_is_none()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { MaxTopicLevels = 3 });
        var faults = new List<string>();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) =>
            {
                foreach (var topic in (string[])["a/#", "", "1/2/3/4"])
                {
                    faults.Add(Should.Throw<ArgumentException>(() => context.Message = context.Message with { Topic = topic }).Message);
                }

                return default;
            },
        });
        var client = await broker.ConnectAsync("c");

        await client.SendAsync(Packet.Publish("t", "x", 1, id: 1));

        await client.ExpectAsync(Packet.Puback(1));
        faults.Count.ShouldBe(3);
        faults[2].ShouldContain("4 levels");
    }

    [Fact]
    public async Task Packets_of_one_client_wait_for_the_answer_and_other_clients_do_not()
    {
        await using var broker = new BrokerUnderTest();
        var slow = new TaskCompletionSource<PublishDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        var topics = new List<string>();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) =>
            {
                lock (topics) topics.Add(context.Message.Topic);
                return context.Message.Topic == "slow" ? new(slow.Task) : default;
            },
        });
        var one = await broker.ConnectAsync("1");
        var other = await broker.ConnectAsync("2");

        await one.SendAsync(Packet.Publish("slow", "x", 1, id: 1), Packet.Publish("behind", "x", 1, id: 2));
        await other.SendAsync(Packet.Publish("free", "x", 1, id: 1));

        await other.ExpectAsync(Packet.Puback(1));
        lock (topics) topics.ShouldNotContain("behind");
        slow.SetResult(PublishDecision.Allow);
        await one.ExpectAsync(Packet.Puback(1));
        await one.ExpectAsync(Packet.Puback(2));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task An_acknowledgement_waits_for_those_who_hear_of_published_messages(int version, int qos)
    {
        await using var broker = new BrokerUnderTest();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler { Published = (context, _) => context.Message.Topic == "t" ? new(heard.Task) : default });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", version);

        await publisher.SendAsync(version == 5 ? Packet.Publish5("t", "x", qos, id: 1) : Packet.Publish("t", "x", qos, id: 1));

        (await subscriber.ReceivePublishAsync()).Topic.ShouldBe("t");
        await subscriber.SendAsync(Packet.Publish("other", "x", 1, id: 9));
        await subscriber.ExpectAsync(Packet.Puback(9));
        publisher.HasReceived.ShouldBeFalse();
        heard.SetResult();
        await publisher.ExpectAsync(qos == 1 ? Packet.Puback(1) : Packet.Pubrec(1));
    }

    [Theory]
    [InlineData(4, new byte[0])]
    [InlineData(5, new byte[] { 0x40, 3, 0, 1, 0x83 })]
    public async Task A_message_that_the_program_failed_to_take_note_of_is_not_acknowledged_as_accepted(int version, byte[] answer)
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(new DelegateHandler { Published = (_, _) => throw new IOException("the disk of the program is full") });
        var publisher = await broker.ConnectAsync("p", version);

        await publisher.SendAsync(version == 5 ? Packet.Publish5("t", "x", 1, id: 1) : Packet.Publish("t", "x", 1, id: 1));

        if (version == 4) await publisher.ExpectClosedAsync(answer);
        else await publisher.ExpectAsync(answer);
    }

    [Fact]
    public async Task A_released_identifier_can_be_used_again_after_a_failure_at_qos_2()
    {
        await using var broker = new BrokerUnderTest();
        var fails = true;
        broker.Broker.Use(new DelegateHandler { Published = (_, _) => fails ? throw new IOException("not now") : default });
        var publisher = await broker.ConnectAsync("p", 5);
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        await publisher.SendAsync(Packet.Publish5("t", "x", 2, id: 1));
        await publisher.ExpectAsync(0x50, 3, 0, 1, 0x83);
        fails = false;

        await publisher.SendAsync(Packet.Publish5("t", "y", 2, id: 1));

        await publisher.ExpectAsync(Packet.Pubrec(1));
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("x");
        (await subscriber.ReceivePublishAsync()).Payload.ShouldBe("y");
    }

    [Fact]
    public async Task A_handler_sees_wills_and_may_exchange_or_refuse_them()
    {
        await using var broker = new BrokerUnderTest();
        var seen = new List<string>();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (context, _) =>
            {
                if (!context.IsWill) return default;

                seen.Add($"{context.Client!.ClientId} {context.Message.Topic}");
                if (context.Message.Topic == "bad") return new(PublishDecision.Refuse("no last words"));
                context.Message = context.Message with { Payload = "changed"u8.ToArray() };
                return default;
            },
        });
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("#");
        var first = await broker.ConnectAsync("1", will: new Packet.Will("bad", "x"));
        var second = await broker.ConnectAsync("2", will: new Packet.Will("good", "x"));

        await first.BreakAsync();
        await second.BreakAsync();

        var received = await subscriber.ReceivePublishAsync();
        (received.Topic, received.Payload).ShouldBe(("good", "changed"));
        seen.ShouldBe(["1 bad", "2 good"]);
    }

    [Fact]
    public async Task A_will_that_waits_is_asked_about_once()
    {
        await using var broker = new BrokerUnderTest();
        var asked = 0;
        var published = new TaskCompletionSource<string>();
        broker.Broker.Use(new DelegateHandler
        {
            AuthorizePublish = (_, _) =>
            {
                asked++;
                return default;
            },
            Published = (context, _) =>
            {
                published.TrySetResult(context.Message.Topic);
                return default;
            },
        });
        var client = await broker.ConnectAsync(
            "c", 5, will: new Packet.Will("gone", "x") { Properties = [Packet.Property(0x18, Packet.Wide(5))] }, properties: Packet.Property(0x11, Packet.Wide(100)));

        await client.BreakAsync();
        asked.ShouldBe(1);
        await broker.TurnClockUntilAsync(published.Task);

        (await published.Task).ShouldBe("gone");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task No_more_messages_are_with_handlers_at_once_than_the_concurrency_says()
    {
        await using var broker = new BrokerUnderTest(new MqttBrokerOptions { Concurrency = 2 });
        var (now, most) = (0, 0);
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var twoAreIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Use(new DelegateHandler
        {
            Published = async (_, _) =>
            {
                var inside = Interlocked.Increment(ref now);
                most = Math.Max(most, inside);
                if (inside == 2) twoAreIn.TrySetResult();
                await free.Task;
                Interlocked.Decrement(ref now);
            },
        });
        var clients = new List<WireClient>();
        for (var i = 0; i < 5; i++) clients.Add(await broker.ConnectAsync($"c{i}"));

        foreach (var client in clients) await client.SendAsync(Packet.Publish("t", "x", 1, id: 1));
        await twoAreIn.Task;
        free.SetResult();

        foreach (var client in clients) await client.ExpectAsync(Packet.Puback(1));
        most.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_is_kept_from_the_receivers_a_handler_names()
    {
        await using var broker = new BrokerUnderTest();
        broker.Broker.Use(
            new DelegateHandler
            {
                AuthorizeForward = (in ForwardContext context) =>
                    context.Client.ClientId == "not" && context.Topic.StartsWith("secret"u8) ? ForwardDecision.Skip : ForwardDecision.Pass,
            },
            new DelegateHandler { AuthorizeForward = (in ForwardContext context) => context.Payload.SequenceEqual("throw"u8) ? throw new InvalidOperationException() : ForwardDecision.Pass });
        var publisher = await broker.ConnectAsync("p");
        await publisher.SendAsync(Packet.Publish("secret/old", "x", retain: true));
        await publisher.ExpectNothingAsync();
        var allowed = await broker.ConnectAsync("may");
        var other = await broker.ConnectAsync("not");
        await allowed.SubscribeAsync("#", 1);
        await other.SubscribeAsync("#", 1);

        await publisher.SendAsync(Packet.Publish("secret/new", "x", 1, id: 1), Packet.Publish("open", "throw"), Packet.Publish("open", "x"));

        (await allowed.ReceivePublishAsync()).Topic.ShouldBe("secret/old");
        (await allowed.ReceivePublishAsync()).Topic.ShouldBe("secret/new");
        (await allowed.ReceivePublishAsync()).Payload.ShouldBe("x");
        (await other.ReceivePublishAsync()).Topic.ShouldBe("open");
    }
}
