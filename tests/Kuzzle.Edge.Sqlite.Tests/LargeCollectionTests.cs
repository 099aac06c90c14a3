using System.Diagnostics;
using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests;

public sealed class LargeCollectionTests
{
    [Fact]
    public async Task A_hundred_thousand_documents_are_stored_found_searched_and_removed_in_reasonable_time()
    {
        const string mapping = """{"properties":{"site":{"type":"keyword"},"n":{"type":"integer"}}}""";
        await using var test = await TestStore.CreateAsync(options => options with { RouteOf = _ => new UpstreamRoute(GoesUp: true) }, mapping);
        var clock = Stopwatch.StartNew();

        for (var start = 0; start < 100_000; start += 1000)
        {
            await test.WriteAsync([.. Enumerable.Range(start, 1000).Select(i => TestWrite.Create($"id{i}", Json(i)))]);
        }

        (await test.SearchAsync("""{"query":{"term":{"site":"s7"}}}""", size: 3)).Total.ShouldBe(1000);
        (await test.IdsAsync("""{"query":{"range":{"n":{"gte":500,"lt":600}}},"sort":{"n":"desc"}}""", size: 2)).ShouldBe("id599 id598");
        (await test.IdsAsync("{}", from: 99_999)).ShouldBe("id99999");
        (await test.TextOfAsync("id77777")).ShouldBe(Json(77_777));
        (await test.Store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(100_000);
        (await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None)).ShouldBeTrue();
        (await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None))[0].Document.ShouldBeNull();
        (await test.SearchAsync("{}")).Total.ShouldBe(0);

        // About three seconds on a small machine; only a change of order of magnitude is a fault.
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_page_of_too_many_bytes_is_refused_and_a_smaller_one_is_not()
    {
        await using var test = await TestStore.CreateAsync(options => options with { MaxPageBytes = 100_000 });
        await test.WriteAsync([.. Enumerable.Range(0, 20).Select(i => TestWrite.Create($"id{i}", $$"""{"text":"{{new string('x', 9_000)}}"}"""))]);

        var outcome = await test.SearchAsync("{}");

        outcome.Refusal!.Id.ShouldBe("services.storage.get_limit_exceeded");
        outcome.Refusal.Status.ShouldBe(413);
        (await test.SearchAsync("{}", size: 11)).Hits.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_search_ends_when_nobody_waits_for_it()
    {
        await using var test = await TestStore.CreateAsync(options => options with { SearchThreads = 1 });
        await test.WriteAsync([.. Enumerable.Range(0, 4000).Select(i => TestWrite.Create($"id{i}", Json(i)))]);
        var clauses = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{{\"term\":{{\"site\":\"x{i}\"}}}}"));
        var request = new SearchRequest { Targets = [TestStore.Sensors], Body = TestStore.Json($"{{\"query\":{{\"bool\":{{\"should\":[{clauses}]}}}}}}") };
        using var cancelled = new CancellationTokenSource();

        var abandoned = test.Store.SearchAsync(request, cancelled.Token).AsTask();
        var queued = test.Store.SearchAsync(request, cancelled.Token).AsTask();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => abandoned);
        await Should.ThrowAsync<OperationCanceledException>(() => queued);
        (await test.IdsAsync("""{"query":{"ids":{"values":["id5"]}}}""")).ShouldBe("id5");
    }

    [Fact]
    public async Task A_search_that_takes_too_long_is_given_up_with_a_reason()
    {
        await using var test = await TestStore.CreateAsync(options => options with { SearchTimeLimit = TimeSpan.FromSeconds(1) });
        await test.WriteAsync([.. Enumerable.Range(0, 20_000).Select(i => TestWrite.Create($"id{i}", Json(i)))]);
        var clauses = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{{\"term\":{{\"site\":\"x{i}\"}}}}"));

        var outcome = await test.SearchAsync($"{{\"query\":{{\"bool\":{{\"should\":[{clauses}]}}}}}}");

        outcome.Refusal!.Id.ShouldBe("services.storage.unexpected_error");
        outcome.Refusal.Status.ShouldBe(500);
        (await test.IdsAsync("""{"query":{"ids":{"values":["id5"]}}}""")).ShouldBe("id5");
    }

    private static string Json(int i) => string.Create(CultureInfo.InvariantCulture, $"{{\"site\":\"s{i % 100}\",\"n\":{i},\"text\":\"{new string('x', 100)}\"}}");
}
