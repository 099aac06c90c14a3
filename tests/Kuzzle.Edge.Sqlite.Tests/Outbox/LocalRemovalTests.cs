using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests.Outbox;

public sealed class LocalRemovalTests
{
    private static readonly CollectionName Conflicts = new("edge", "conflicts");

    [Fact]
    public async Task What_waits_or_was_refused_stays_and_the_rest_goes_without_a_word_to_the_upstream()
    {
        await using var test = await CreateAsync(new UpstreamRoute(GoesUp: true));
        await test.WriteAsync(TestWrite.Put("uploaded", "{}"), TestWrite.Put("refused", "{}"), TestWrite.Put("waits", "{}"));
        var entries = await test.Store.Outbox.PeekAsync(2, int.MinValue, CancellationToken.None);
        await test.Store.Outbox.RemoveAsync([entries[0]], CancellationToken.None);
        await test.Store.Outbox.ParkAsync(entries[1], "no", CancellationToken.None);

        var outcomes = await test.WriteAsync([.. new[] { "uploaded", "refused", "waits", "unknown" }.Select(Remove)]);

        outcomes.Select(outcome => outcome.Kind).ShouldBe([DocumentChangeKind.Delete, DocumentChangeKind.None, DocumentChangeKind.None, DocumentChangeKind.None]);
        (await test.TextOfAsync("uploaded")).ShouldBe("nothing");
        (await test.TextOfAsync("refused")).ShouldBe("{}");
        (await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe("waits");
    }

    [Fact]
    public async Task Where_nothing_goes_up_an_old_outbox_keeps_nothing()
    {
        await using var test = await CreateAsync(new UpstreamRoute(GoesUp: true));
        await test.PutAsync("a", "{}");
        await test.RestartAsync(options => options with { RouteOf = _ => UpstreamRoute.None });

        (await test.WriteAsync(Remove("a"))).Single().Kind.ShouldBe(DocumentChangeKind.Delete);
    }

    [Fact]
    public async Task Only_what_the_upstream_is_known_to_hold_is_uploaded_and_the_longest_comes_first()
    {
        await using var test = await CreateAsync(new UpstreamRoute(GoesUp: true));
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"), TestWrite.Put("filtered", "{}"));
        await DeliverAsync(test, entry => entry.Id != "filtered");
        await test.PutAsync("b", """{"n":2}""");

        (await UploadedAsync(test)).ShouldBe(["a"]);
        (await test.WriteAsync(RemoveUploaded("a"), RemoveUploaded("b"), RemoveUploaded("filtered"))).Select(outcome => outcome.Kind)
            .ShouldBe([DocumentChangeKind.Delete, DocumentChangeKind.None, DocumentChangeKind.None]);
        (await UploadedAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_removed_here_does_not_come_back_until_it_changes_upstream()
    {
        await using var test = await CreateAsync(new UpstreamRoute(GoesUp: true, ComesDown: true));
        await test.PutAsync("a", """{"n":1}""");
        await DeliverAsync(test, _ => true);
        await test.WriteAsync(RemoveUploaded("a"));

        (await test.WriteAsync(Taken("a", """{"n":1}"""))).Single().Kind.ShouldBe(DocumentChangeKind.None);
        (await test.TextOfAsync("a")).ShouldBe("nothing");
        (await test.Store.Outbox.MarksAsync(TestStore.Sensors, "", null, [], CancellationToken.None)).Keys.ShouldBe(["a"]);

        (await test.WriteAsync(Taken("a", """{"n":2}"""))).Single().Kind.ShouldBe(DocumentChangeKind.Put);
        (await test.TextOfAsync("a")).ShouldBe("""{"n":2}""");
        (await UploadedAsync(test)).ShouldBe(["a"]);
        (await test.Store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Where_nothing_comes_down_nothing_is_remembered_of_what_was_removed()
    {
        await using var test = await CreateAsync(new UpstreamRoute(GoesUp: true));
        await test.PutAsync("a", "{}");
        await DeliverAsync(test, _ => true);

        await test.WriteAsync(RemoveUploaded("a"));

        (await test.Store.Outbox.MarksAsync(TestStore.Sensors, "", null, [], CancellationToken.None)).ShouldBeEmpty();
    }

    private static Task<TestStore> CreateAsync(UpstreamRoute route) => TestStore.CreateAsync(options => options with { RouteOf = _ => route });

    private static LocalRemoval Remove(string id) => new(id, RemovalCondition.NothingWaits);

    private static LocalRemoval RemoveUploaded(string id) => new(id, RemovalCondition.Uploaded);

    private static UpstreamWrite Taken(string id, string json) => new(TestStore.Sensors, id, Encoding.UTF8.GetBytes(json), ConflictPolicy.Newest, Conflicts);

    private static async Task DeliverAsync(TestStore test, Func<OutboxEntry, bool> holds)
    {
        var entries = await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None);
        await test.Store.Outbox.RemoveAsync(
            [.. entries.Select(entry => entry with { Held = holds(entry) ? UpstreamMark.Of(JsonElement.Parse(entry.Document!.Json.Span)) : null })], CancellationToken.None);
    }

    private static async Task<IEnumerable<string>> UploadedAsync(TestStore test) =>
        (await test.Store.Outbox.UploadedAsync(TestStore.Sensors, DateTimeOffset.MaxValue, 10, CancellationToken.None)).Select(document => document.Id);
}
