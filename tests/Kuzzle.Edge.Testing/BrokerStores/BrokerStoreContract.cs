using Kuzzle.Edge.Broker.Storage;
using Shouldly;
using Xunit;

namespace Kuzzle.Edge.Testing.BrokerStores;

/// <summary>What every durable <see cref="IBrokerStore"/> must do. A test class of each derives from this one.</summary>
public abstract class BrokerStoreContract : IAsyncLifetime
{
    /// <summary>The store that is open at the moment.</summary>
    protected IBrokerStore Store { get; private set; } = new MemoryBrokerStore();

    [Fact]
    public void It_says_that_it_is_durable() => Store.IsDurable.ShouldBeTrue();

    [Fact]
    public async Task A_new_store_is_empty()
    {
        var loaded = await ReopenAsync();

        loaded.CommittedAt.ShouldBeNull();
        loaded.LastNumber.ShouldBe(0);
        loaded.Sessions.ShouldBeEmpty();
        loaded.Retained.ShouldBeEmpty();
    }

    [Fact]
    public Task Everything_comes_back_as_it_was() =>
        HoldsAsync(
            Commits.OfTime(
                Commits.At.AddTicks(7),
                new StoredSession(3, "ünïcode 客", 4_294_967_295, Commits.At.AddTicks(1), new StoredWill(Odd(1), 4_294_967_294, 4_294_967_293)) { Owner = "ünïcode/客" },
                new StoredSession(4, "", 0, null, null) { Owner = "" },
                new SubscriptionChange(3, Commits.Utf8("$share/g/+/#"), new StoredSubscription(Commits.Utf8("$share/g/+/#"), 268_435_455, 2, NoLocal: true, RetainAsPublished: true)),
                new SubscriptionChange(3, Commits.Utf8("a"), new StoredSubscription(Commits.Utf8("a"), 0, 0, NoLocal: false, RetainAsPublished: false)),
                new ReceivedChange(3, 65_535, IsOwned: true, Odd(5) with { ExpiresAt = Commits.At.AddTicks(3) }),
                new ReceivedChange(4, 1, IsOwned: true, null),
                new DeliveryChange(new StoredDelivery(3, 1, Odd(6), 2, Retain: true, new[] { 1, 268_435_455 }, Commits.Utf8("g/a")), IsNew: true, DeliveryState.Sent, 65_535),
                new DeliveryChange(new StoredDelivery(4, 1, Odd(6), 1, Retain: false, ReadOnlyMemory<int>.Empty, ReadOnlyMemory<byte>.Empty), IsNew: true, DeliveryState.Queued, 0),
                Commits.Retained(Odd(8) with { ExpiresAt = DateTimeOffset.MaxValue }),
                Commits.Retained(Commits.Message(9, "other", ""))));

    /// <summary>A store that forgets a member would pass every other test, for they would not know of it either.</summary>
    [Theory]
    [InlineData(typeof(StoredSession), "ClientId DisconnectedAt ExpirySeconds Number Owner Will")]
    [InlineData(typeof(StoredWill), "DelaySeconds ExpirySeconds Message")]
    [InlineData(typeof(StoredSubscription), "Filter Identifier NoLocal Qos RetainAsPublished")]
    [InlineData(typeof(StoredMessage), "ExpiresAt Number Payload Properties Publisher Qos Retain Topic")]
    [InlineData(typeof(StoredDelivery), "Group Message Qos Retain Sequence Session SubscriptionIdentifiers")]
    [InlineData(typeof(DeliveryChange), "Delivery IsNew PacketIdentifier State")]
    [InlineData(typeof(ReceivedChange), "Held IsOwned PacketIdentifier Session")]
    [InlineData(typeof(BrokerCommit), "At Deliveries IsEmpty Received RemovedSessions Retained Sessions Subscriptions")]
    public void What_is_stored_has_the_members_that_these_tests_know(Type type, string members) =>
        string.Join(' ', type.GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal)).ShouldBe(members);

    [Fact]
    public Task A_session_that_is_saved_again_keeps_what_belongs_to_it() =>
        HoldsAsync(
            Commits.Of(Commits.Session(1, will: new StoredWill(Odd(2), 1, null)), Commits.Subscribed(1, "a"), Commits.Queued(1, 1, Commits.Message(3))),
            Commits.Of(new StoredSession(1, "renamed", 60, Commits.At, null)));

    [Fact]
    public Task A_session_that_ends_takes_everything_of_its_own_with_it_and_nothing_else() =>
        HoldsAsync(
            Commits.Of(
                Commits.Session(1),
                Commits.Session(2),
                Commits.Subscribed(1, "a"),
                Commits.Subscribed(2, "a"),
                new ReceivedChange(1, 7, IsOwned: true, Odd(10)),
                new ReceivedChange(2, 7, IsOwned: true, null),
                Commits.Queued(1, 1, Odd(11)),
                Commits.Queued(2, 1, Odd(11)),
                Commits.Queued(1, 2, Odd(12), qos: 2),
                Commits.Retained(Odd(11))),
            Commits.Of(Commits.Queued(1, 2, Odd(12), qos: 2).Then(DeliveryState.Released, 4)),
            Commits.Of(1));

    [Fact]
    public Task A_client_may_get_its_next_session_in_the_commit_that_removes_its_last_one() =>
        HoldsAsync(
            Commits.Of(Commits.Session(1, "client"), Commits.Subscribed(1, "old"), Commits.Queued(1, 1, Commits.Message(2))),
            Commits.Of(Commits.Session(3, "client"), Commits.Subscribed(3, "new"), Commits.Queued(3, 1, Commits.Message(2)), 1));

    [Fact]
    public Task A_session_that_changes_and_ends_in_one_commit_is_gone() =>
        HoldsAsync(
            Commits.Of(Commits.Session(1)),
            Commits.Of(Commits.Session(1), Commits.Session(2), Commits.Subscribed(1, "a"), Commits.Subscribed(2, "a"), Commits.Queued(1, 1, Odd(3)), Commits.Queued(2, 1, Odd(3)), 1, 2),
            Commits.Of(Commits.Subscribed(1, "b"), Commits.Queued(2, 2, Odd(4))));

    [Fact]
    public Task Changes_of_a_session_that_is_not_there_are_left_out() =>
        HoldsAsync(
            Commits.Of(Commits.Session(1)),
            Commits.Of(1),
            Commits.Of(
                Commits.Session(2),
                Commits.Subscribed(1, "a"),
                Commits.Unsubscribed(1, "a"),
                new ReceivedChange(1, 7, IsOwned: true, Odd(10)),
                new ReceivedChange(99, 7, IsOwned: false, null),
                Commits.Queued(1, 1, Odd(11)),
                Commits.Queued(2, 1, Odd(12)),
                Commits.Queued(1, 2, Odd(13)).Then(DeliveryState.Sent, 1),
                Commits.Queued(1, 3, Odd(13)).Then(DeliveryState.Done),
                Commits.Queued(99, 3, Odd(13), qos: 2).Then(DeliveryState.Released, 2),
                1,
                99));

    [Fact]
    public Task The_removal_of_what_is_not_there_is_left_out() =>
        HoldsAsync(
            Commits.Of(Commits.Session(1), Commits.Queued(1, 1, Odd(2))),
            Commits.Of(
                Commits.Unsubscribed(1, "never"),
                new ReceivedChange(1, 7, IsOwned: false, null),
                Commits.Queued(1, 9, Odd(2)).Then(DeliveryState.Done),
                Commits.Queued(1, 10, Odd(3), qos: 2).Then(DeliveryState.Done),
                Commits.Cleared("never")));

    [Fact]
    public Task A_subscription_replaces_the_one_with_its_filter() =>
        HoldsAsync(Commits.Of(Commits.Session(1), Commits.Subscribed(1, "a", qos: 0), Commits.Subscribed(1, "b")), Commits.Of(Commits.Subscribed(1, "a", qos: 2), Commits.Unsubscribed(1, "b")));

    [Fact]
    public Task Changes_of_one_list_take_effect_from_first_to_last() =>
        HoldsAsync(
            Commits.Of(
                Commits.Session(1),
                Commits.Subscribed(1, "a"),
                Commits.Unsubscribed(1, "a"),
                Commits.Unsubscribed(1, "b"),
                Commits.Subscribed(1, "b"),
                new ReceivedChange(1, 1, IsOwned: true, Odd(2)),
                new ReceivedChange(1, 1, IsOwned: false, null),
                new ReceivedChange(1, 2, IsOwned: false, null),
                new ReceivedChange(1, 2, IsOwned: true, Odd(3)),
                Commits.Retained(Commits.Message(4, "t")),
                Commits.Cleared("t"),
                Commits.Cleared("u"),
                Commits.Retained(Commits.Message(5, "u"))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_delivery_goes_its_way(byte qos)
    {
        var delivery = Commits.Queued(1, 1, Commits.Message(2), qos);
        await HoldsAsync(Commits.Of(Commits.Session(1), delivery));

        Store.Commit(Commits.Of(delivery.Then(DeliveryState.Sent, 77)));
        var sent = (await ReopenAsync()).Sessions.Single().Deliveries.Single();
        sent.State.ShouldBe(DeliveryState.Sent);
        sent.PacketIdentifier.ShouldBe((ushort)77);
        sent.IsNew.ShouldBeFalse();

        if (qos == 2)
        {
            Store.Commit(Commits.Of(sent.Then(DeliveryState.Released, 77)));
            sent = (await ReopenAsync()).Sessions.Single().Deliveries.Single();
            sent.State.ShouldBe(DeliveryState.Released);
            sent.PacketIdentifier.ShouldBe((ushort)77);
            sent.Delivery.Message.ShouldBeNull();
        }

        Store.Commit(Commits.Of(sent.Then(DeliveryState.Done)));
        (await ReopenAsync()).Sessions.Single().Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public Task A_message_stays_until_its_last_delivery_goes() =>
        HoldsAsync(
            Commits.Of([.. Enumerable.Range(1, 5).Select(i => (object)Commits.Session(i)), .. Enumerable.Range(1, 5).Select(i => (object)Commits.Queued(i, 1, Odd(10)))]),
            Commits.Of(Commits.Queued(1, 1, Odd(10)).Then(DeliveryState.Done), 2),
            Commits.Of(Commits.Queued(3, 1, Odd(10)).Then(DeliveryState.Done), Commits.Queued(5, 2, Odd(10))),
            Commits.Of(Commits.Queued(4, 1, Odd(10)).Then(DeliveryState.Done), Commits.Queued(5, 1, Odd(10)).Then(DeliveryState.Done)));

    [Fact]
    public Task A_message_whose_last_client_goes_may_be_for_another_one_in_the_same_commit() =>
        HoldsAsync(
            Commits.Of(Commits.Session(1), Commits.Session(2), Commits.Queued(1, 1, Odd(3)), Commits.Queued(1, 2, Odd(4))),
            Commits.Of(Commits.Queued(1, 1, Odd(3)).Then(DeliveryState.Done), Commits.Queued(2, 1, Odd(3)), Commits.Queued(2, 2, Odd(4)), 1));

    [Fact]
    public async Task Deliveries_come_back_in_their_sequence_whatever_the_numbers_of_their_messages()
    {
        Store.Commit(Commits.Of(Commits.Session(1), Commits.Queued(1, 3, Commits.Message(4)), Commits.Queued(1, 1, Commits.Message(9)), Commits.Queued(1, 2, Commits.Message(7))));

        (await ReopenAsync()).Sessions.Single().Deliveries.Select(change => change.Delivery.Message!.Number).ShouldBe([9, 7, 4]);
    }

    [Fact]
    public async Task A_message_that_many_clients_wait_for_is_one_object_when_it_is_loaded()
    {
        Store.Commit(Commits.Of([.. Enumerable.Range(1, 5).Select(i => (object)Commits.Session(i)), .. Enumerable.Range(1, 5).Select(i => (object)Commits.Queued(i, 1, Odd(10)))]));

        var messages = (await ReopenAsync()).Sessions.Select(session => session.Deliveries.Single().Delivery.Message!).ToList();

        messages.Count.ShouldBe(5);
        foreach (var message in messages) message.ShouldBeSameAs(messages[0]);
    }

    [Fact]
    public async Task The_greatest_number_is_remembered_when_all_that_had_it_is_gone()
    {
        Store.Commit(Commits.Of(Commits.Session(5), Commits.Queued(5, 1, Commits.Message(8))));
        Store.Commit(Commits.Of(5));
        (await ReopenAsync()).LastNumber.ShouldBe(8);

        Store.Commit(Commits.Of(Commits.Retained(Commits.Message(20, "t"))));
        Store.Commit(Commits.Of(Commits.Cleared("t")));
        (await ReopenAsync()).LastNumber.ShouldBe(20);

        Store.Commit(Commits.Of(Commits.Session(21, will: new StoredWill(Commits.Message(22), 0, null)), new ReceivedChange(21, 1, IsOwned: true, Commits.Message(23))));
        Store.Commit(Commits.Of(21));
        (await ReopenAsync()).LastNumber.ShouldBe(23);
    }

    [Fact]
    public async Task A_large_message_comes_back_whole()
    {
        var payload = new byte[3_000_000];
        Random.Shared.NextBytes(payload);
        var large = Commits.Message(2) with { Payload = payload, Topic = Commits.Utf8(new string('t', 65_535)) };

        await HoldsAsync(
            Commits.Of(Commits.Session(1, will: new StoredWill(large, 0, null)), new ReceivedChange(1, 1, IsOwned: true, large), Commits.Queued(1, 1, large), Commits.Retained(large)));
    }

    [Fact]
    public async Task Random_commits_leave_what_the_model_says()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var model = new BrokerStoreModel();
        var commits = new RandomCommits(random, model);

        for (var count = 0; count < 600; count++)
        {
            var commit = commits.Next();
            model.Apply(commit);
            Store.Commit(commit);
            if (random.Next(10) > 0) continue;

            var loaded = await ReopenAsync();
            loaded.ToText().ShouldBe(model.Load().ToText(), $"seed {seed}, commit {count}");
            loaded.LastNumber.ShouldBeGreaterThanOrEqualTo(model.LastNumber, $"seed {seed}, commit {count}");
        }
    }

    async Task IAsyncLifetime.InitializeAsync() => await ReopenAsync();

    Task IAsyncLifetime.DisposeAsync() => EndAsync();

    /// <summary>Opens the store, always the same one in a test.</summary>
    protected abstract IBrokerStore Open();

    /// <summary>Closes the store and removes what it has kept.</summary>
    protected virtual async Task EndAsync() => await Store.DisposeAsync();

    /// <summary>Closes the store and opens it again.</summary>
    protected async Task<StoredBroker> ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
        return Store.Load();
    }

    /// <summary>Commits, and looks whether all of it is there after the store was opened again; also between two of them.</summary>
    protected async Task HoldsAsync(params BrokerCommit[] commits)
    {
        var model = new BrokerStoreModel();
        foreach (var commit in commits)
        {
            Store.Commit(commit);
            model.Apply(commit);
            (await ReopenAsync()).ToText().ShouldBe(model.Load().ToText());
        }
    }

    private static StoredMessage Odd(long number) =>
        new(number, Commits.Utf8("odd/客"), new byte[] { 38, 0, 0 }, new byte[] { 0, 0xFF, 0xC0, (byte)number }, 2, Retain: true, null) { Publisher = "客" };
}
