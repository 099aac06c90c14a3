using FsCheck.Fluent;

namespace Kuzzle.Edge.Sqlite.Tests.Search;

public sealed class SearchProperties
{
    [Fact]
    public async Task A_search_finds_what_a_look_at_each_document_finds()
    {
        await using var test = await TestStore.CreateAsync(mapping: NaiveSearch.Mapping);

        foreach (var seed in ArbMap.Default.GeneratorFor<int>().Sample(60, 1000))
        {
            var random = new RandomSearch(seed);
            var documents = Enumerable.Range(0, 12).Select(i => (Id: $"d{i}", Json: random.Document().ToJsonString())).ToList();
            await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
            await test.WriteAsync([.. documents.Select(document => TestWrite.Put(document.Id, document.Json))]);
            var parsed = documents.ConvertAll(document => (document.Id, Source: TestStore.Json(document.Json)));

            for (var i = 0; i < 25; i++)
            {
                var query = TestStore.Json(random.Query(depth: 3).ToJsonString());
                var expected = parsed.Where(document => NaiveSearch.Matches(query, document.Id, document.Source)).Select(document => document.Id).Order(StringComparer.Ordinal);

                var outcome = await test.SearchAsync($"{{\"query\":{query.GetRawText()}}}");
                var context = $"seed {seed}: {query.GetRawText()} over {string.Join('\n', documents)}";
                outcome.Refusal.ShouldBeNull(context);
                outcome.Hits.Select(hit => hit.Document.Id).Order(StringComparer.Ordinal).ShouldBe(expected, context);
                outcome.Total.ShouldBe(outcome.Hits.Count, context);
            }
        }
    }

    [Fact]
    public async Task A_sorted_search_is_in_the_order_of_the_smallest_or_largest_values()
    {
        await using var test = await TestStore.CreateAsync(mapping: NaiveSearch.Mapping);

        foreach (var seed in ArbMap.Default.GeneratorFor<int>().Sample(60, 1000))
        {
            var random = new RandomSearch(seed);
            var documents = Enumerable.Range(0, 12).Select(i => (Id: $"d{i}", Json: random.Document().ToJsonString())).ToList();
            await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
            await test.WriteAsync([.. documents.Select(document => TestWrite.Put(document.Id, document.Json))]);
            var field = random.SortField();
            var descending = seed % 2 == 0;

            var keys = documents.ConvertAll(document => (document.Id, Key: Extreme(NaiveSearch.Values(TestStore.Json(document.Json), field), descending)));
            var expected = keys.Where(entry => entry.Key is not null)
                .OrderBy(entry => entry.Key!, Comparer<object>.Create((a, b) => descending ? NaiveSearch.Order(b, a) : NaiveSearch.Order(a, b)))
                .Concat(keys.Where(entry => entry.Key is null))
                .Select(entry => entry.Id);

            (await test.IdsAsync($"{{\"sort\":{{\"{field}\":\"{(descending ? "desc" : "asc")}\"}}}}"))
                .ShouldBe(string.Join(' ', expected), $"seed {seed}: {field} over {string.Join('\n', documents)}");
        }
    }

    private static object? Extreme(List<object> values, bool largest)
    {
        var comparer = Comparer<object>.Create(NaiveSearch.Order);
        return values.Count == 0 ? null : largest ? values.Max(comparer) : values.Min(comparer);
    }
}
