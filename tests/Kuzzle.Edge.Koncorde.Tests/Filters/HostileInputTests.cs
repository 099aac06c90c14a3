using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Kuzzle.Edge.Koncorde.Tests.Filters;

public sealed class HostileInputTests
{
    private static readonly string[] Names =
    [
        "and", "or", "not", "bool", "must", "must_not", "should", "should_not", "equals", "term", "in", "ids", "values", "exists", "missing", "field", "range",
        "gt", "gte", "lt", "lte", "regexp", "value", "flags", "match", "select", "index", "query", "geoBoundingBox", "top", "left", "bottom", "right", "topLeft",
        "bottom_right", "geoDistance", "distance", "geoDistanceRange", "from", "to", "geoPolygon", "points", "lat", "lon", "latLon", "nothing", "a", "a.b", "",
        "\\ud83d", "\\u0061nd", "\\udc00.x",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "1", "-1.5", "1e400", "-1e400", "123456789012345678901234567890", "\"\"", "\"a\"", "\"\\ud83d\"", "\"a[\\\"x\\\"]\"", "\"a[\"",
        "\"[]\"", "\"a[]\"", "\"1km\"", "\"2 miles\"", "\"1,2\"", "\"spfb\"", "\"^(a+)+$\"", "\"(\"", "\"[\"", "\"\\\\\"", "\"\\u0000\"", "\"i\"", "[0,0]", "[[0,0],[0,1],[1,1]]", "{}", "[]",
    ];

    [Fact]
    public void Any_JSON_is_a_filter_or_is_refused_with_a_reason() => Prop.ForAll<int>(static seed =>
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var filter = Filter.Json(NextValue(random, 5));
            var document = Filter.Json(NextValue(random, 3));
            var isFilter = KoncordeFilter.TryParse(filter, 100, out var parsed, out var refusal);

            (parsed is not null).ShouldBe(isFilter);
            string.IsNullOrEmpty(refusal).ShouldBe(isFilter, filter.GetRawText());
            if (parsed is null) continue;

            var index = new FilterIndex<int>();
            index.Add(parsed, 1);
            List<int> matches = [];
            index.CollectMatches(document, "x", matches);
            matches.Count.ShouldBeLessThanOrEqualTo(1);
            using var text = JsonDocument.Parse(parsed.CanonicalText);
            KoncordeFilter.TryParse(text.RootElement, int.MaxValue, out var again, out _).ShouldBeTrue(parsed.CanonicalText);
            again!.CanonicalText.ShouldBe(parsed.CanonicalText);
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_of_ten_thousand_parts_are_names_like_others()
    {
        var name = string.Join('.', Enumerable.Repeat("a", 10_000));

        Filter.Matches($$"""{"exists":"{{name}}"}""", $$"""{"{{name}}":1}""").ShouldBeTrue();
        Filter.Matches($$"""{"exists":"{{name}}"}""", """{"a":{"a":1}}""").ShouldBeFalse();
    }

    private static string NextValue(Random random, int depth) => depth == 0 || random.Next(4) == 0
        ? Pick(random, Scalars)
        : random.Next(3) == 0 ? $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => NextValue(random, depth - 1)))}]" : NextObject(random, depth);

    private static string NextObject(Random random, int depth)
    {
        var names = Enumerable.Range(0, 1 + (random.Next(3) == 0 ? random.Next(4) : 0)).Select(_ => Pick(random, Names)).Distinct();
        return $"{{{string.Join(',', names.Select(name => $"\"{name}\":{NextValue(random, depth - 1)}"))}}}";
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];
}
