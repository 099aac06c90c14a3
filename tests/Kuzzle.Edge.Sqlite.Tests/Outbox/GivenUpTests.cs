using System.Text;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests.Outbox;

/// <summary>A change that the upstream was not told of after all is here only: its document is not uploaded, whatever the upstream had of it before.</summary>
public sealed class GivenUpTests
{
    private static readonly CollectionName Conflicts = new("edge", "conflicts");
    private static readonly CollectionName Letters = new("edge", "dead-letters");

    [Fact]
    public async Task A_change_that_was_dropped_for_want_of_room_stays()
    {
        await using var test = await CreateAsync();
        await UploadAsync(test);
        await test.PutAsync("a", """{"n":2}""");

        await DropAsync(test);

        await ShouldStayAsync(test, """{"n":2}""");
    }

    [Fact]
    public async Task What_was_to_be_sent_again_and_was_dropped_stays()
    {
        await using var test = await CreateAsync();
        await UploadAsync(test);
        await test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None);
        await test.Store.Outbox.Settled;

        await DropAsync(test);

        await ShouldStayAsync(test, """{"n":1}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_that_was_refused_and_given_up_stays(bool byItsLetter)
    {
        await using var test = await CreateAsync();
        await UploadAsync(test);
        await test.PutAsync("a", """{"n":2}""");
        await test.Store.Outbox.ParkAsync(await EntryAsync(test), "no", CancellationToken.None);

        if (byItsLetter)
        {
            var letter = (await test.Store.SearchAsync(new SearchRequest { Targets = [Letters], Body = TestStore.Json("{}"), Size = 10 }, CancellationToken.None)).Hits.ShouldHaveSingleItem();
            await test.Store.WriteAsync(Letters, [TestWrite.Delete(letter.Document.Id)], CancellationToken.None);
        }
        else
        {
            await test.Store.Outbox.DropParkedAsync(CancellationToken.None);
        }

        test.Store.Outbox.Totals.Parked.ShouldBe(0);
        await ShouldStayAsync(test, """{"n":2}""");
    }

    [Fact]
    public async Task What_was_sent_again_refused_and_given_up_stays()
    {
        await using var test = await CreateAsync();
        await UploadAsync(test);
        await test.Store.Outbox.EnqueueAsync(TestStore.Sensors, ["a"], CancellationToken.None);
        await test.Store.Outbox.ParkAsync(await EntryAsync(test), "no", CancellationToken.None);

        await test.Store.Outbox.DropParkedAsync(CancellationToken.None);

        await ShouldStayAsync(test, """{"n":1}""");
    }

    [Fact]
    public async Task What_was_delivered_after_its_document_had_changed_is_not_what_is_here()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":1}""");
        var sent = await EntryAsync(test);
        await test.PutAsync("a", """{"n":2}""");
        await test.Store.Outbox.RemoveAsync([Delivered(sent)], CancellationToken.None);

        await DropAsync(test);

        await ShouldStayAsync(test, """{"n":2}""");
    }

    [Fact]
    public async Task The_version_that_won_over_the_upstreams_is_not_what_is_there()
    {
        await using var test = await CreateAsync();
        await test.PutAsync("a", """{"n":2}""");
        await test.WriteAsync(new UpstreamWrite(TestStore.Sensors, "a", Encoding.UTF8.GetBytes("""{"n":1}"""), ConflictPolicy.Edge, Conflicts));

        await DropAsync(test);

        await ShouldStayAsync(test, """{"n":2}""");
    }

    [Fact]
    public async Task What_was_given_up_and_goes_up_with_its_next_change_is_uploaded()
    {
        await using var test = await CreateAsync();
        await UploadAsync(test);
        await test.PutAsync("a", """{"n":2}""");
        await DropAsync(test);
        await test.PutAsync("a", """{"n":3}""");

        await test.Store.Outbox.RemoveAsync([Delivered(await EntryAsync(test))], CancellationToken.None);

        (await UploadedAsync(test)).ShouldBe(["a"]);
        (await test.WriteAsync(new LocalRemoval("a", RemovalCondition.Uploaded))).Single().Kind.ShouldBe(DocumentChangeKind.Delete);
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(options => options with
    {
        Outbox = new OutboxBounds { MaxEntries = 100, WhenFull = OutboxOverflow.DropOldest },
        RouteOf = name => name == TestStore.Sensors ? new UpstreamRoute(GoesUp: true, MayBeDropped: true) : UpstreamRoute.None,
        DeadLetters = Letters,
    });

    private static async Task UploadAsync(TestStore test)
    {
        await test.PutAsync("a", """{"n":1}""");
        await test.Store.Outbox.RemoveAsync([Delivered(await EntryAsync(test))], CancellationToken.None);
        (await UploadedAsync(test)).ShouldBe(["a"]);
    }

    /// <summary>So much is written that what waits of the document is dropped.</summary>
    private static async Task DropAsync(TestStore test)
    {
        await test.WriteAsync([.. Enumerable.Range(0, 100).Select(n => TestWrite.Put($"d{n}", "{}"))]);
        (await test.Store.Outbox.PeekAsync(200, int.MinValue, CancellationToken.None)).ShouldNotContain(entry => entry.Id == "a");
    }

    private static async Task ShouldStayAsync(TestStore test, string json)
    {
        (await UploadedAsync(test)).ShouldBeEmpty();
        (await test.WriteAsync(new LocalRemoval("a", RemovalCondition.Uploaded))).Single().Kind.ShouldBe(DocumentChangeKind.None);
        (await test.TextOfAsync("a")).ShouldBe(json);
    }

    private static async Task<OutboxEntry> EntryAsync(TestStore test) =>
        (await test.Store.Outbox.PeekAsync(200, int.MinValue, CancellationToken.None)).Single(entry => entry.Id == "a");

    private static OutboxEntry Delivered(OutboxEntry entry) => entry with { Held = UpstreamMark.Of(entry.Document!.Source) };

    private static async Task<IEnumerable<string>> UploadedAsync(TestStore test) =>
        (await test.Store.Outbox.UploadedAsync(TestStore.Sensors, DateTimeOffset.MaxValue, 10, CancellationToken.None)).Select(document => document.Id);
}
