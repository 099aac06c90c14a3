using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests.Outbox;

public sealed class SqliteOutboxTests
{
    private static readonly CollectionName Local = new("edge", "local");
    private static readonly CollectionName Letters = new("edge", "dead-letters");

    [Fact]
    public async Task A_write_and_its_entry_are_one_and_survive_a_restart()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.Store.WriteAsync(Local, [TestWrite.Put("stays", "{}")], CancellationToken.None);

        await test.RestartAsync();

        (await DescribeAsync(test)).ShouldBe(["""edge/sensors a {"n":1}"""]);
        (await test.Store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task Repeated_changes_are_one_entry_at_the_end_with_the_newest_document()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.PutAsync("b", """{"n":2}""");
        await test.PutAsync("a", """{"n":3}""");

        (await DescribeAsync(test)).ShouldBe(["""edge/sensors b {"n":2}""", """edge/sensors a {"n":3}"""]);
        (await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe("b");
    }

    [Fact]
    public async Task What_changes_nothing_leaves_no_entry()
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(new TestWrite("a", _ => DocumentChange.None), TestWrite.Delete("a"), new TestWrite("a", _ => DocumentChange.AlreadyExists));

        (await DescribeAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_group_leaves_no_entry_behind()
    {
        await using var test = await CreateAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => test.WriteAsync(TestWrite.Put("a", "{}"), new TestWrite("b", _ => throw new InvalidOperationException("no"))));

        (await DescribeAsync(test)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("document")]
    [InlineData("truncate")]
    [InlineData("collection")]
    [InlineData("index")]
    public async Task Whatever_removes_a_document_is_told_upstream(string how)
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"));
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None), CancellationToken.None);

        switch (how)
        {
            case "document":
                await test.WriteAsync(TestWrite.Delete("a"), TestWrite.Delete("b"));
                break;
            case "truncate":
                await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
                break;
            case "collection":
                await test.Store.DeleteCollectionAsync(TestStore.Sensors, CancellationToken.None);
                break;
            default:
                await test.Store.DeleteIndexesAsync(["edge"], CancellationToken.None);
                break;
        }

        (await DescribeAsync(test)).ShouldBe(["edge/sensors a nothing", "edge/sensors b nothing"]);
    }

    [Fact]
    public async Task A_document_that_comes_back_in_a_new_collection_is_no_tombstone()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.Store.DeleteCollectionAsync(TestStore.Sensors, CancellationToken.None);
        await test.DefineAsync(TestStore.Sensors, "{}");
        await test.PutAsync("a", """{"n":2}""");

        (await DescribeAsync(test)).ShouldBe(["""edge/sensors a {"n":2}"""]);
    }

    [Fact]
    public async Task An_entry_whose_document_changed_meanwhile_stays()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.PutAsync("b", """{"n":1}""");
        var delivered = await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None);
        await test.PutAsync("a", """{"n":2}""");

        await test.Store.Outbox.RemoveAsync(delivered, CancellationToken.None);
        (await DescribeAsync(test)).ShouldBe(["""edge/sensors a {"n":2}"""]);

        await test.Store.Outbox.ParkAsync(delivered[0], "too old", CancellationToken.None);
        (await DescribeAsync(test)).ShouldBe(["""edge/sensors a {"n":2}"""]);
        (await test.Store.Outbox.ParkedAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_upstream_refuses_is_kept_apart_with_its_reason_until_it_is_delivered()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":"x"}""");
        var entry = (await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None)).ShouldHaveSingleItem();

        await test.Store.Outbox.ParkAsync(entry, "mapping says integer", CancellationToken.None);
        await test.RestartAsync();

        (await DescribeAsync(test)).ShouldBeEmpty();
        var parked = (await test.Store.Outbox.ParkedAsync(10, CancellationToken.None)).ShouldHaveSingleItem();
        parked.ShouldBe(new(TestStore.Sensors, "a", "mapping says integer", DateTimeOffset.FromUnixTimeMilliseconds(1717236000000)));

        await test.PutAsync("a", """{"n":1}""");
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None), CancellationToken.None);
        (await test.Store.Outbox.ParkedAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Waiting_ends_with_the_first_entry()
    {
        await using var test = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        var abandoned = test.Store.Outbox.WaitForEntriesAsync(int.MinValue, cancelled.Token);
        var waiting = test.Store.Outbox.WaitForEntriesAsync(int.MinValue, CancellationToken.None);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => abandoned);
        waiting.IsCompleted.ShouldBeFalse();

        await test.PutAsync("a", "{}");

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        await test.Store.Outbox.WaitForEntriesAsync(int.MinValue, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Urgent_collections_come_first_and_deferred_entries_when_their_time_has_come()
    {
        await using var test = await TestStore.CreateAsync(options => options with { RouteOf = name => new UpstreamRoute(GoesUp: true, Priority: name == Local ? 5 : 0) });
        await test.DefineAsync(Local, "{}");
        await test.PutAsync("a", "{}");
        await test.PutAsync("b", "{}");
        await test.Store.WriteAsync(Local, [TestWrite.Put("alarm", "{}")], CancellationToken.None);
        var entries = await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None);
        entries.Select(entry => entry.Id).ShouldBe(["alarm", "a", "b"]);

        await test.Store.Outbox.DeferAsync([entries[0], entries[1]], DateTimeOffset.MaxValue, CancellationToken.None);

        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).Select(entry => entry.Id).ShouldBe(["b"]);
        var backlog = await test.Store.Outbox.MeasureAsync(CancellationToken.None);
        (backlog.Entries, backlog.Deferred, backlog.Parked).ShouldBe((3, 2, 0));
        backlog.OldestSince.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1717236000000));
        (await test.Store.Outbox.RetryAsync(CancellationToken.None)).ShouldBe(2);
        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).Select(entry => (entry.Id, entry.Attempts)).ShouldBe([("alarm", 0), ("a", 0), ("b", 0)]);
    }

    [Fact]
    public async Task What_is_to_be_delivered_once_more_waits_for_its_time_unless_it_changes()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.PutAsync("b", """{"n":1}""");
        var entries = await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None);
        await test.PutAsync("b", """{"n":2}""");

        await test.Store.Outbox.RepeatAsync(entries, DateTimeOffset.MaxValue, CancellationToken.None);

        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).Select(entry => entry.Id).ShouldBe(["b"]);
        (await test.Store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task Documents_can_be_put_in_the_outbox_as_they_are_and_deleted_ones_too()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None), CancellationToken.None);

        await test.Store.Outbox.EnqueueAsync(TestStore.Sensors, ["a", "gone"], CancellationToken.None);

        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).Select(entry => (entry.Id, entry.Document is null)).ShouldBe([("a", false), ("gone", true)]);
    }

    [Fact]
    public async Task What_was_refused_for_good_can_be_tried_again()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        await test.Store.Outbox.ParkAsync((await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None))[0], "no", CancellationToken.None);

        (await test.Store.Outbox.RetryAsync(CancellationToken.None)).ShouldBe(1);

        (await DescribeAsync(test)).ShouldBe(["""edge/sensors a {"n":1}"""]);
        (await test.Store.Outbox.ParkedAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_refused_for_good_is_a_document_with_the_reason_until_it_is_tried_again_or_given_up()
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"));
        foreach (var entry in await test.Store.Outbox.PeekAsync(2, int.MinValue, CancellationToken.None)) await test.Store.Outbox.ParkAsync(entry, $"no {entry.Id}", CancellationToken.None);

        var letters = (await test.Store.SearchAsync(new SearchRequest { Targets = [Letters], Body = TestStore.Json("""{"sort":["id"]}"""), Size = 10 }, CancellationToken.None)).Hits;
        letters.Select(letter => $"{letter.Document.Source.GetProperty("id")}: {letter.Document.Source.GetProperty("reason")}").ShouldBe(["a: no a", "b: no b"]);

        await test.Store.WriteAsync(Letters, [TestWrite.Delete(letters[0].Document.Id)], CancellationToken.None);
        (await test.Store.Outbox.ParkedAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe("b");
        (await test.Store.Outbox.RetryAsync(CancellationToken.None)).ShouldBe(1);
        (await test.Store.FindAsync(Letters, letters[1].Document.Id, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_refused_for_good_can_be_given_up()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", "{}");
        await test.Store.Outbox.ParkAsync((await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None))[0], "no", CancellationToken.None);

        (await test.Store.Outbox.DropParkedAsync(CancellationToken.None)).ShouldBe(1);

        test.Store.Outbox.Totals.ShouldBe(OutboxTotals.Nothing);
        (await test.TextOfAsync("a")).ShouldBe("{}");
        (await test.Store.CountAsync(Letters, TestStore.Json("{}"), CancellationToken.None)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_upstream_holds_is_known_from_one_delivery_to_the_next()
    {
        await using var test = await CreateAsync();
        var mark = UpstreamMark.Of(JsonElement.Parse("""{"n":1}"""));
        await test.PutAsync("a", """{"n":1}""");
        var first = (await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None))[0];
        first.Known.ShouldBeNull();

        await test.Store.Outbox.RemoveAsync([first with { Held = mark }], CancellationToken.None);
        await test.WriteAsync(TestWrite.Delete("a"));
        await test.RestartAsync();

        (await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None))[0].Known.ShouldBe(mark);
    }

    [Fact]
    public async Task A_whole_collection_can_be_sent_again()
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"));
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None), CancellationToken.None);

        (await test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None)).ShouldBe(2);
        (await test.Store.Outbox.EnqueueAllAsync(new CollectionName("no", "such"), CancellationToken.None)).ShouldBeNull();
        await test.Store.Outbox.Settled;

        (await DescribeAsync(test)).ShouldBe(["edge/sensors a {}", "edge/sensors b {}"]);
    }

    private static async Task<TestStore> CreateAsync()
    {
        var test = await TestStore.CreateAsync(options => options with { RouteOf = collection => new UpstreamRoute(GoesUp: collection == TestStore.Sensors), DeadLetters = Letters });
        await test.DefineAsync(Local, "{}");
        return test;
    }

    private static async Task<IEnumerable<string>> DescribeAsync(TestStore test)
    {
        var entries = await test.Store.Outbox.PeekAsync(100, int.MinValue, CancellationToken.None);
        entries.Select(entry => entry.Sequence).ShouldBeInOrder();
        return entries.Select(entry => $"{entry.Collection} {entry.Id} {TestStore.Text(entry.Document)}");
    }
}
