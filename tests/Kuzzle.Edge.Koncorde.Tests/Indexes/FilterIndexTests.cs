using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Indexes;

namespace Kuzzle.Edge.Koncorde.Tests.Indexes;

public sealed class FilterIndexTests
{
    [Fact]
    public void An_index_finds_the_filters_that_match_and_no_others() => Prop.ForAll<int>(static seed =>
    {
        var random = new RandomFilters(seed);
        var index = new FilterIndex<int>();
        var filters = new Dictionary<int, string>();
        for (var step = 0; step < 150; step++)
        {
            if (filters.Count > 0 && random.Next(4) == 0)
            {
                var gone = filters.Keys.ElementAt(random.Next(filters.Count));
                filters.Remove(gone);
                index.Remove(gone).ShouldBeTrue();
            }
            else
            {
                filters.Add(step, random.NextFilter(random.Next(4)));
                index.Add(Filter.Parse(filters[step]), step);
            }

            if (step % 10 != 9) continue;

            var document = Filter.Json(random.NextDocument());
            List<int> matches = [];
            index.CollectMatches(document, id: null, matches);
            matches.Order().ShouldBe(filters.Where(filter => NaiveMatcher.Matches(Filter.Json(filter.Value), document)).Select(static filter => filter.Key).Order(), document.ToString());
        }

        return index.Count == filters.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Intervals_are_found_however_many_come_and_go() => Prop.ForAll<int>(static seed =>
    {
        var random = new Random(seed);
        var index = new FilterIndex<int>();
        var intervals = new Dictionary<int, (int Low, int High)>();
        for (var step = 0; step < 3000; step++)
        {
            if (intervals.Count > 0 && random.Next(3) == 0)
            {
                var gone = intervals.Keys.ElementAt(random.Next(Math.Min(intervals.Count, 50)));
                intervals.Remove(gone);
                index.Remove(gone);
            }
            else
            {
                var low = random.Next(1000);
                intervals.Add(step, (low, low + 1 + random.Next(random.Next(10) == 0 ? 500 : 10)));
                index.Add(Filter.Parse($$$$"""{"range":{"a":{"gte":{{{{low}}}},"lte":{{{{intervals[step].High}}}}}}}"""), step);
            }

            if (step % 100 != 0) continue;

            var number = random.Next(1000);
            List<int> matches = [];
            index.CollectMatches(Filter.Json($$"""{"a":{{number}}}"""), id: null, matches);
            matches.Order().ShouldBe(intervals.Where(entry => entry.Value.Low <= number && number <= entry.Value.High).Select(static entry => entry.Key).Order());
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_value_has_one_filter()
    {
        var index = new FilterIndex<string>();
        index.Add(Filter.Parse("""{"exists":"a"}"""), "x");

        Should.Throw<ArgumentException>(() => index.Add(Filter.Parse("""{"exists":"b"}"""), "x"));
        index.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_not_there_is_not_removed() => new FilterIndex<string>().Remove("x").ShouldBeFalse();

    [Theory]
    [InlineData("""{"or":[{"equals":{"a":1}},{"exists":"a"},{"range":{"a":{"gt":0}}},{"equals":{"a":1}}]}""", """{"a":1}""")]
    [InlineData("""{"exists":"a[\"x\"]"}""", """{"a":["x","x","x"]}""")]
    [InlineData("""{"or":[{"select":{"field":"a","index":0,"query":{"exists":"value"}}},{"select":{"field":"a","index":0,"query":{"exists":"value"}}}]}""", """{"a":[1]}""")]
    [InlineData("""{"not":{"range":{"a":{"gt":0,"lt":5}}}}""", """{"a":9}""")]
    public void A_filter_is_reported_once_however_often_it_is_found(string filter, string document)
    {
        var index = new FilterIndex<string>();
        index.Add(Filter.Parse(filter), "x");
        List<string> matches = ["before"];

        index.CollectMatches(Filter.Json(document), id: null, matches);

        matches.ShouldBe(["before", "x"]);
        index.Remove("x").ShouldBeTrue();
        index.CollectMatches(Filter.Json(document), id: null, matches);
        matches.Count.ShouldBe(2);
    }

    [Fact]
    public void One_filter_can_stand_in_many_indexes()
    {
        var filter = Filter.Parse("""{"regexp":{"a":"^x"}}""");
        List<int> matches = [];
        foreach (var number in Enumerable.Range(0, 3))
        {
            var index = new FilterIndex<int>();
            index.Add(filter, number);
            index.CollectMatches(Filter.Json("""{"a":"xy"}"""), id: null, matches);
        }

        matches.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Names_that_no_filter_asks_for_any_more_are_forgotten()
    {
        var index = new ExpressionIndex();
        var fields = new DocumentFields();
        fields.Use(Text.Utf8Text.From("a.b.c"));
        fields.Use(Text.Utf8Text.From("a.b"));

        fields.Release(Text.Utf8Text.From("a.b.c"));
        fields.IsEmpty.ShouldBeFalse();
        fields.Release(Text.Utf8Text.From("a.b"));

        fields.IsEmpty.ShouldBeTrue();
        var numbers = Enumerable.Range(0, 200).Select(i => index.Add(Filter.Parse($$$$"""{"and":[{"exists":"f{{{{i}}}}.g"},{"or":[{"regexp":{"r{{{{i}}}}":"x"}},{"range":{"n{{{{i}}}}":{"gt":1}}}]}]}""").Root)).ToArray();
        foreach (var number in numbers) index.Remove(number);
        index.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_document_costs_no_look_at_filters_that_it_cannot_match()
    {
        var index = new FilterIndex<int>();
        for (var i = 0; i < 20_000; i++) index.Add(Filter.Parse($$$$"""{"and":[{"equals":{"device":"d{{{{i}}}}"}},{"range":{"t":{"gt":0}}},{"regexp":{"s":"x{{{{i}}}}"}}]}"""), i);
        var document = Filter.Json("""{"device":"d7","t":1,"s":"x7"}""");
        List<int> matches = [];
        index.CollectMatches(document, id: null, matches);
        var started = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < 10_000; i++) index.CollectMatches(document, id: null, matches);

        matches.Distinct().ShouldBe([7]);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5)); // 20 ms; asking every filter would take minutes
    }
}
