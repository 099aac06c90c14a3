using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests.Outbox;

/// <summary>What concerns all of a collection's entries is done piece by piece.</summary>
public sealed class WholeCollectionTests
{
    private const int Documents = 3500;

    private static readonly CollectionName Other = new("edge", "other");

    [Fact]
    public async Task A_collection_that_is_sent_again_is_entered_piece_by_piece_over_restarts_and_each_document_once()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);

        (await test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None)).ShouldBe(Documents);
        test.Store.Outbox.Totals.Entries.ShouldBe(Documents, "what is still to be entered waits, too");
        await test.RestartAsync();
        test.Store.Outbox.Totals.Entries.ShouldBe(Documents);
        await test.WriteAsync(TestWrite.Put("d0", "{}"), TestWrite.Put($"d{Documents - 1}", "{}"), TestWrite.Delete("d7"));
        await test.RestartAsync();
        await test.Store.Outbox.Settled;

        (await test.Store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(Documents);
        var totals = test.Store.Outbox.Totals;
        await test.RestartAsync();
        test.Store.Outbox.Totals.ShouldBe(totals, "it was counted rightly piece by piece");
        totals.Entries.ShouldBe(Documents);
        (await DeliverAllAsync(test)).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, Documents).Select(Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_piece_is_small_and_others_write_between_two()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);
        var before = test.Store.Statistics.Commits;

        await test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None);
        await test.Store.Outbox.Settled;

        (test.Store.Statistics.Commits - before).ShouldBeGreaterThanOrEqualTo(Documents / 1000);
    }

    [Fact]
    public async Task A_collection_that_goes_while_it_is_entered_ends_that()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);
        await test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None);

        await test.Store.DeleteCollectionAsync(TestStore.Sensors, CancellationToken.None);
        await test.Store.Outbox.Settled;

        test.Store.Outbox.Totals.Entries.ShouldBe(Documents, "as deleted");
        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).ShouldAllBe(entry => entry.Document == null);
    }

    [Fact]
    public async Task What_is_still_to_be_entered_is_not_removed_here_nor_taken_for_what_the_upstream_has()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);
        await test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None);

        var last = Id(Documents - 1); // Entered already, or not yet: both must be so.
        (await test.Store.Outbox.UploadedAsync(TestStore.Sensors, DateTimeOffset.MaxValue, 10, CancellationToken.None)).ShouldBeEmpty();
        (await test.WriteAsync(new LocalRemoval(last, RemovalCondition.NothingWaits))).Single().Kind.ShouldBe(DocumentChangeKind.None);
    }

    [Fact]
    public async Task Where_nothing_is_to_be_entered_nothing_stands_in_the_way_of_what_is_uploaded_later()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);

        (await test.Store.Outbox.EnqueueAllAsync(Other, CancellationToken.None)).ShouldBe(0);
        await test.Store.WriteAsync(Other, [TestWrite.Put("later", "{}")], CancellationToken.None);
        await DeliverAllAsync(test);

        (await test.Store.Outbox.UploadedAsync(Other, DateTimeOffset.MaxValue, 10, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe("later");
    }

    [Fact]
    public async Task What_goes_up_no_more_is_taken_out_and_what_is_known_of_the_upstream_goes_with_it()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test, count: 1500);
        await test.Store.WriteAsync(Other, [TestWrite.Put("stays", "{}")], CancellationToken.None);

        await test.Store.Outbox.ChangeRoutesAsync(name => new UpstreamRoute(GoesUp: name == Other), CancellationToken.None);
        await test.PutAsync("later", "{}");
        await test.Store.Outbox.Settled;

        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe("stays");
        test.Store.Outbox.Totals.ShouldBe(OutboxTotals.Nothing with { Entries = 1, Bytes = 2 });
        (await test.Store.Outbox.CountMarksAsync(TestStore.Sensors, CancellationToken.None)).ShouldBe(0);
        (await test.TextOfAsync("d7")).ShouldBe("""{"n":7}""");
    }

    [Fact]
    public async Task What_only_comes_down_now_is_known_but_for_what_waited()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);
        await test.PutAsync("d7", "{}");

        await test.Store.Outbox.ChangeRoutesAsync(_ => new UpstreamRoute(GoesUp: false, ComesDown: true), CancellationToken.None);
        await test.Store.Outbox.Settled;

        test.Store.Outbox.Totals.Entries.ShouldBe(0);
        var marks = await test.Store.Outbox.MarksAsync(TestStore.Sensors, "", last: null, [], CancellationToken.None);
        marks.Count.ShouldBe(Documents - 1);
        marks.ContainsKey("d7").ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_priority_is_that_of_what_waits_already()
    {
        await using var test = await CreateAsync();
        await test.Store.WriteAsync(Other, [TestWrite.Put("urgent", "{}")], CancellationToken.None);

        await test.Store.Outbox.ChangeRoutesAsync(name => new UpstreamRoute(GoesUp: true, Priority: name == Other ? 5 : -5, MayBeDropped: name != Other), CancellationToken.None);
        await test.Store.Outbox.Settled;

        var entries = await test.Store.Outbox.PeekAsync(Documents + 1, int.MinValue, CancellationToken.None);
        entries[0].Id.ShouldBe("urgent");
        entries.Skip(1).ShouldAllBe(entry => entry.Priority == -5);
        entries.Count.ShouldBe(Documents + 1);
    }

    [Fact]
    public async Task What_the_upstream_held_is_forgotten_of_the_collections_that_are_meant_and_of_no_other()
    {
        await using var test = await CreateAsync();
        await test.Store.WriteAsync(Other, [TestWrite.Put("stays", "{}")], CancellationToken.None);
        await DeliverAllAsync(test);
        var before = test.Store.Statistics.Commits;

        await test.Store.Outbox.ForgetMarksAsync(static name => name == TestStore.Sensors, CancellationToken.None);

        (test.Store.Statistics.Commits - before).ShouldBeGreaterThanOrEqualTo(Documents / 1000);
        (await test.Store.Outbox.CountMarksAsync(TestStore.Sensors, CancellationToken.None)).ShouldBe(0);
        (await test.Store.Outbox.CountMarksAsync(Other, CancellationToken.None)).ShouldBe(1);
        (await test.TextOfAsync("d7")).ShouldBe("""{"n":7}""");
    }

    [Fact]
    public async Task A_collection_for_which_there_is_no_room_is_not_begun_and_is_when_there_is()
    {
        await using var test = await CreateAsync();
        await DeliverAllAsync(test);
        await test.RestartAsync(static options => options with { Outbox = new OutboxBounds { MaxEntries = Documents } });
        await test.Store.WriteAsync(Other, [TestWrite.Put("urgent", "{}")], CancellationToken.None);

        (await Should.ThrowAsync<DocumentStoreException>(() => test.Store.Outbox.EnqueueAnewAsync(TestStore.Sensors, CancellationToken.None))).Fault.ShouldBe(DocumentStoreFault.OutboxFull);
        test.Store.Outbox.Totals.Entries.ShouldBe(1);
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None), CancellationToken.None);
        (await test.Store.Outbox.EnqueueAnewAsync(TestStore.Sensors, CancellationToken.None)).ShouldBe(Documents);
        await test.Store.Outbox.Settled;

        (await DeliverAllAsync(test)).Count.ShouldBe(Documents);
    }

    [Fact]
    public async Task What_was_refused_is_put_back_piece_by_piece()
    {
        await using var test = await CreateAsync();
        await ParkAllAsync(test);
        test.Store.Outbox.Totals.ShouldBe(OutboxTotals.Nothing with { Parked = Documents });
        var before = test.Store.Statistics.Commits;

        (await test.Store.Outbox.RetryAsync(CancellationToken.None)).ShouldBe(Documents);

        (test.Store.Statistics.Commits - before).ShouldBeGreaterThanOrEqualTo(Documents / 1000);
        test.Store.Outbox.Totals.Parked.ShouldBe(0);
        (await test.Store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(Documents);
    }

    [Fact]
    public async Task What_is_refused_again_while_it_is_put_back_waits_for_the_next_time()
    {
        await using var test = await CreateAsync();
        await ParkAllAsync(test);

        var retry = test.Store.Outbox.RetryAsync(CancellationToken.None);
        while (!retry.IsCompleted) await ParkAllAsync(test);

        (await retry).ShouldBe(Documents);
        var totals = test.Store.Outbox.Totals;
        (totals.Entries + totals.Parked).ShouldBe(Documents);
        await test.RestartAsync();
        test.Store.Outbox.Totals.ShouldBe(totals, "it was counted rightly piece by piece");
    }

    [Fact]
    public async Task What_was_deferred_is_tried_again_piece_by_piece()
    {
        await using var test = await CreateAsync();
        while (await test.Store.Outbox.PeekAsync(500, int.MinValue, CancellationToken.None) is { Count: > 0 } entries)
        {
            await test.Store.Outbox.DeferAsync(entries, DateTimeOffset.MaxValue, CancellationToken.None);
        }

        var before = test.Store.Statistics.Commits;
        (await test.Store.Outbox.RetryAsync(CancellationToken.None)).ShouldBe(Documents);

        (test.Store.Statistics.Commits - before).ShouldBeGreaterThanOrEqualTo(Documents / 1000);
        (await test.Store.Outbox.PeekAsync(Documents + 1, int.MinValue, CancellationToken.None)).Count.ShouldBe(Documents);
    }

    [Fact]
    public async Task What_was_refused_is_given_up_piece_by_piece()
    {
        await using var test = await CreateAsync();
        await ParkAllAsync(test);
        var before = test.Store.Statistics.Commits;

        (await test.Store.Outbox.DropParkedAsync(CancellationToken.None)).ShouldBe(Documents);

        (test.Store.Statistics.Commits - before).ShouldBeGreaterThanOrEqualTo(Documents / 1000);
        test.Store.Outbox.Totals.ShouldBe(OutboxTotals.Nothing);
    }

    private static async Task ParkAllAsync(TestStore test)
    {
        while (await test.Store.Outbox.PeekAsync(500, int.MinValue, CancellationToken.None) is { Count: > 0 } entries)
        {
            await Task.WhenAll(entries.Select(entry => test.Store.Outbox.ParkAsync(entry, "no", CancellationToken.None)));
        }
    }

    private static async Task<TestStore> CreateAsync()
    {
        var test = await TestStore.CreateAsync(options => options with { RouteOf = _ => new UpstreamRoute(GoesUp: true) });
        await test.DefineAsync(Other, "{}");
        for (var start = 0; start < Documents; start += 500)
        {
            await test.WriteAsync([.. Enumerable.Range(start, 500).Select(n => TestWrite.Put(Id(n), string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{n}}}")))]);
        }

        return test;
    }

    private static string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"d{n}");

    private static async Task<List<string>> DeliverAllAsync(TestStore test, int count = int.MaxValue)
    {
        var delivered = new List<string>();
        while (delivered.Count < count && await test.Store.Outbox.PeekAsync(500, int.MinValue, CancellationToken.None) is { Count: > 0 } entries)
        {
            await test.Store.Outbox.RemoveAsync([.. entries.Select(entry => entry with { Held = entry.Document is { } document ? UpstreamMark.Of(document.Source) : null })], CancellationToken.None);
            delivered.AddRange(entries.Select(entry => entry.Id));
        }

        return delivered;
    }
}
