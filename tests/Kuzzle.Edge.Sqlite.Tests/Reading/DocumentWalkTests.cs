using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests.Reading;

public sealed class DocumentWalkTests
{
    private static readonly CollectionName Sensors = TestStore.Sensors;

    [Fact]
    public async Task A_walk_meets_every_document_once_and_in_order()
    {
        await using var test = await TestStore.CreateAsync();
        var ids = Enumerable.Range(0, 1234).Select(i => $"d{i}").ToList();
        await test.WriteAsync([.. ids.Select((id, i) => TestWrite.Put(id, $$"""{"n":{{i}}}"""))]);

        var met = await WalkAsync(test, "{}", _ => Task.CompletedTask);

        met.Select(document => document.Id).ShouldBe(ids);
        TestStore.Text(met[7]).ShouldBe("""{"n":7}""");
        met[7].Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_walk_meets_only_what_the_query_matches()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync([.. Enumerable.Range(0, 2000).Select(i => TestWrite.Put($"d{i}", $$"""{"n":{{i}}}"""))]);

        var met = await WalkAsync(test, """{"range":{"n":{"gte":1990}}}""", _ => Task.CompletedTask);

        met.Select(document => document.Id).ShouldBe(Enumerable.Range(1990, 10).Select(i => $"d{i}"));
    }

    [Fact]
    public async Task What_is_deleted_on_the_way_does_not_hide_what_stays()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync([.. Enumerable.Range(0, 1500).Select(i => TestWrite.Put($"d{i}", "{}"))]);

        var met = await WalkAsync(test, "{}", async step =>
        {
            if (step == 0) await test.WriteAsync([.. Enumerable.Range(100, 800).Select(i => TestWrite.Delete($"d{i}"))]);
        });

        var stay = Enumerable.Range(0, 1500).Where(i => i is < 100 or >= 900).Select(i => $"d{i}");
        met.Select(document => document.Id).ShouldBeUnique();
        met.Select(document => document.Id).Intersect(stay).ShouldBe(stay);
    }

    [Fact]
    public async Task Large_documents_make_short_steps()
    {
        await using var test = await TestStore.CreateAsync();
        var text = new string('x', 400_000);
        await test.WriteAsync([.. Enumerable.Range(0, 10).Select(i => TestWrite.Put($"d{i}", $$"""{"t":"{{text}}"}"""))]);

        var page = await test.Store.WalkAsync(Sensors, default, after: 0, CancellationToken.None);

        page.Documents.Count.ShouldBe(3);
        page.Next.ShouldNotBeNull();
        (await WalkAsync(test, "{}", _ => Task.CompletedTask)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_walk_of_an_unknown_query_is_refused()
    {
        await using var test = await TestStore.CreateAsync();

        var page = await test.Store.WalkAsync(Sensors, TestStore.Json("""{"unheardof":{}}"""), after: 0, CancellationToken.None);

        page.Refusal!.Id.ShouldBe("services.storage.unknown_query_keyword");
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_collection_that_is_deleted_on_the_way_ends_the_walk()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync([.. Enumerable.Range(0, 1000).Select(i => TestWrite.Put($"d{i}", "{}"))]);
        var first = await test.Store.WalkAsync(Sensors, default, after: 0, CancellationToken.None);

        await test.Store.DeleteCollectionAsync(Sensors, CancellationToken.None);

        var second = await test.Store.WalkAsync(Sensors, default, first.Next!.Value, CancellationToken.None);
        second.Documents.ShouldBeEmpty();
        second.Next.ShouldBeNull();
    }

    private static async Task<List<StoredDocument>> WalkAsync(TestStore test, string query, Func<int, Task> between)
    {
        var met = new List<StoredDocument>();
        long? after = 0;
        for (var step = 0; after is { } place; step++)
        {
            var page = await test.Store.WalkAsync(Sensors, TestStore.Json(query), place, CancellationToken.None);
            page.Refusal.ShouldBeNull();
            met.AddRange(page.Documents);
            after = page.Next;
            await between(step);
        }

        return met;
    }
}
