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

    [Fact]
    public async Task Aggregations_are_what_counting_by_hand_gives()
    {
        await using var test = await TestStore.CreateAsync(mapping: NaiveSearch.Mapping);

        foreach (var seed in ArbMap.Default.GeneratorFor<int>().Sample(60, 1000))
        {
            var random = new RandomSearch(seed);
            var documents = Enumerable.Range(0, 12).Select(i => (Id: $"d{i}", Json: random.Document().ToJsonString())).ToList();
            await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
            await test.WriteAsync([.. documents.Select(document => TestWrite.Put(document.Id, document.Json))]);
            var query = seed % 2 == 0 ? """{"match_all":{}}""" : random.Query(depth: 2).ToJsonString();
            var matching = documents.ConvertAll(document => (document.Id, Source: TestStore.Json(document.Json)))
                .FindAll(document => NaiveSearch.Matches(TestStore.Json(query), document.Id, document.Source))
                .ConvertAll(document => document.Source);
            const string aggregations = """
                {"key":{"terms":{"field":"key","size":100}},"num":{"terms":{"field":"num","size":100,"order":{"_key":"asc"}}},
                 "stats":{"stats":{"field":"num"}},"keys":{"cardinality":{"field":"key"}},"values":{"value_count":{"field":"day"}},
                 "hours":{"date_histogram":{"field":"day","fixed_interval":"12h","min_doc_count":1}}}
                """;

            var outcome = await test.SearchAsync($"{{\"query\":{query},\"aggs\":{aggregations}}}", size: 0);

            var context = $"seed {seed}: {query} over {string.Join('\n', documents)}";
            outcome.Refusal.ShouldBeNull(context);
            var answer = outcome.Aggregations!;
            Buckets(answer["key"]!).ShouldBe(Terms("key").OrderByDescending(term => term.Count).ThenBy(term => (string)term.Key, StringComparer.Ordinal).Select(Text), context);
            Buckets(answer["num"]!).ShouldBe(Terms("num").OrderBy(term => (double)term.Key).Select(Text), context);
            answer["keys"]!["value"]!.GetValue<long>().ShouldBe(Terms("key").Count, context);
            answer["values"]!["value"]!.GetValue<long>().ShouldBe(matching.Sum(document => NaiveSearch.Values(document, "day").Count), context);
            var numbers = matching.SelectMany(document => NaiveSearch.Values(document, "num")).Cast<double>().ToList();
            answer["stats"]!["count"]!.GetValue<long>().ShouldBe(numbers.Count, context);
            if (numbers.Count > 0)
            {
                answer["stats"]!["min"]!.GetValue<double>().ShouldBe(numbers.Min(), context);
                answer["stats"]!["max"]!.GetValue<double>().ShouldBe(numbers.Max(), context);
                answer["stats"]!["sum"]!.GetValue<double>().ShouldBe(numbers.Sum(), 1e5, context);
            }

            var hours = matching.SelectMany(document => NaiveSearch.Values(document, "day").Select(day => Math.Floor((double)day / 43_200_000) * 43_200_000).Distinct())
                .CountBy(static start => start).OrderBy(static pair => pair.Key).Select(pair => Text((pair.Key, pair.Value)));
            Buckets(answer["hours"]!).ShouldBe(hours, context);

            List<(object Key, int Count)> Terms(string field) =>
                [.. matching.SelectMany(document => NaiveSearch.Values(document, field).Distinct()).CountBy(static value => value).Select(static pair => (pair.Key, pair.Value))];
        }
    }

    [Fact]
    public async Task Pages_by_search_after_are_the_whole_in_order()
    {
        await using var test = await TestStore.CreateAsync(mapping: NaiveSearch.Mapping);

        foreach (var seed in ArbMap.Default.GeneratorFor<int>().Sample(40, 1000))
        {
            var random = new RandomSearch(seed);
            await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
            await test.WriteAsync([.. Enumerable.Range(0, 12).Select(i => TestWrite.Put($"d{i}", $"{{\"num\":{seed % 5 + (i * 7 % 5)},\"key\":\"k{i % 3}\",\"obj\":{{\"num\":{i}}}}}"))]);
            var query = random.Query(depth: 1).ToJsonString();
            var (first, order) = (seed % 2 == 0 ? "num" : "key", seed % 3 == 0 ? "desc" : "asc");
            var sort = $"[{{\"{first}\":\"{order}\"}},{{\"_id\":\"asc\"}}]";
            var whole = (await test.SearchAsync($"{{\"query\":{query},\"sort\":{sort}}}")).Hits.Select(hit => hit.Document.Id).ToList();

            var paged = new List<string>();
            var after = "";
            while (true)
            {
                var page = await test.SearchAsync($"{{\"query\":{query},\"sort\":{sort}{after}}}", size: 5);
                paged.AddRange(page.Hits.Select(hit => hit.Document.Id));
                page.Total.ShouldBe(whole.Count);
                if (page.Hits.Count < 5) break;
                var last = page.Hits[^1].Document;
                after = $",\"search_after\":[{last.Source.GetProperty(first).GetRawText()},\"{last.Id}\"]";
            }

            paged.ShouldBe(whole, $"seed {seed}: {query} by {sort}");
        }
    }

    private static string Text((object Key, int Count) term) => FormattableString.Invariant($"{term.Key}: {term.Count}");

    private static string Text((double Key, int Count) term) => FormattableString.Invariant($"{term.Key}: {term.Count}");

    private static IEnumerable<string> Buckets(System.Text.Json.Nodes.JsonNode aggregation) => aggregation["buckets"]!.AsArray().Select(bucket =>
    {
        var key = bucket!["key"]!.AsValue();
        object value = key.GetValueKind() == System.Text.Json.JsonValueKind.Number ? double.Parse(key.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : key.GetValue<string>();
        return FormattableString.Invariant($"{value}: {bucket["doc_count"]!.GetValue<long>()}");
    });

    private static object? Extreme(List<object> values, bool largest)
    {
        var comparer = Comparer<object>.Create(NaiveSearch.Order);
        return values.Count == 0 ? null : largest ? values.Max(comparer) : values.Min(comparer);
    }
}
