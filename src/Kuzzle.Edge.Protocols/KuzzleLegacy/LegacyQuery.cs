using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Kuzzle.Edge.Protocols.KuzzleLegacy.LegacyJson;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// A search in the words of Elasticsearch 1.3 put into those of the API: filters and queries were two things then, and <c>and</c>, <c>or</c>, <c>not</c>,
/// <c>missing</c> and <c>filtered</c> have become forms of <c>bool</c>. Every other clause is passed on untouched.
/// </summary>
/// <param name="Search">The whole search body.</param>
/// <param name="QueryAlone">The body with nothing but the query.</param>
/// <param name="Page">Where the page begins and how long it is, as arguments beside the body.</param>
internal readonly record struct LegacyQuery(JsonElement Search, JsonElement QueryAlone, JsonElement Page)
{
    /// <summary>Reads the body of a request: <c>filter</c> or <c>query</c> (or both, of which both must hold), and whatever else the search is told.</summary>
    public static bool TryRead(JsonElement body, out LegacyQuery query, [NotNullWhen(false)] out string? fault)
    {
        query = default;
        fault = null;
        if (body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            fault = "The body of a search is an object with \"filter\" or \"query\".";
            return false;
        }

        var search = new JsonObject();
        var page = new JsonObject();
        JsonNode? filter = null, scored = null;
        if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in body.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null) continue;
                if (member.Name is "filter" or "query")
                {
                    if (member.Value.ValueKind != JsonValueKind.Object)
                    {
                        fault = $"\"body.{member.Name}\" must be an object.";
                        return false;
                    }

                    if (member.Name == "filter") filter = FilterOf(member.Value);
                    else scored = QueryOf(member.Value);
                }
                else
                {
                    (member.Name is "from" or "size" ? page : search)[member.Name] = NodeOf(member.Value);
                }
            }
        }

        var both = (filter, scored) switch
        {
            (null, null) => null,
            (null, _) => scored,
            (_, null) => Bool("filter", filter),
            _ => new JsonObject { ["bool"] = new JsonObject { ["must"] = new JsonArray(scored), ["filter"] = new JsonArray(filter) } },
        };
        if (both is not null) search["query"] = both;
        var alone = new JsonObject();
        if (both is not null) alone["query"] = both.DeepClone();
        query = new(ElementOf(search), ElementOf(alone), ElementOf(page));
        return true;
    }

    private static JsonNode FilterOf(JsonElement filter)
    {
        if (filter.ValueKind != JsonValueKind.Object) return NodeOf(filter)!;
        if (filter.GetPropertyCount() == 0) return new JsonObject { ["match_all"] = new JsonObject() };

        var clause = filter.EnumerateObject().First();
        var value = clause.Value;
        return clause.Name switch
        {
            "and" => Bool("filter", [.. FiltersIn(value)]),
            "or" => Bool("should", [.. FiltersIn(value)]),
            "not" => Bool("must_not", Bool("filter", [.. FiltersIn(value)])),
            "missing" => Bool("must_not", new JsonObject { ["exists"] = new JsonObject { ["field"] = FieldOf(value) } }),
            "query" => QueryOf(value),
            "fquery" when value.ValueKind == JsonValueKind.Object && value.TryGetProperty("query", out var inner) => QueryOf(inner),
            "bool" when value.ValueKind == JsonValueKind.Object => BoolOf(value, FilterOf, needsShould: true),
            "bool" or "filtered" or "constant_score" => QueryOf(filter),
            _ => NodeOf(filter)!,
        };
    }

    private static JsonNode QueryOf(JsonElement query)
    {
        if (query.ValueKind != JsonValueKind.Object) return NodeOf(query)!;
        if (query.GetPropertyCount() == 0) return new JsonObject { ["match_all"] = new JsonObject() };

        var clause = query.EnumerateObject().First();
        if (clause.Value.ValueKind != JsonValueKind.Object) return NodeOf(query)!;

        switch (clause.Name)
        {
            case "filtered":
                var parts = new JsonObject();
                if (clause.Value.TryGetProperty("query", out var scored)) parts["must"] = new JsonArray(QueryOf(scored));
                if (clause.Value.TryGetProperty("filter", out var filter)) parts["filter"] = new JsonArray(FilterOf(filter));
                return new JsonObject { ["bool"] = parts };
            case "constant_score" when clause.Value.TryGetProperty("filter", out var constant):
                return new JsonObject { ["constant_score"] = new JsonObject { ["filter"] = FilterOf(constant) } };
            case "constant_score" when clause.Value.TryGetProperty("query", out var inner):
                return new JsonObject { ["constant_score"] = new JsonObject { ["filter"] = QueryOf(inner) } };
            case "bool":
                return BoolOf(clause.Value, QueryOf, needsShould: false);
            default:
                return NodeOf(query)!;
        }
    }

    private static JsonObject BoolOf(JsonElement lists, Func<JsonElement, JsonNode> read, bool needsShould)
    {
        var parts = new JsonObject();
        foreach (var list in lists.EnumerateObject())
        {
            parts[list.Name] = list.Name switch
            {
                "must" or "must_not" or "should" => new JsonArray([.. ElementsOf(list.Value).Select(read)]),
                "filter" => new JsonArray([.. ElementsOf(list.Value).Select(FilterOf)]),
                _ => NodeOf(list.Value),
            };
        }

        // A filter without points to win has no use for what need not hold.
        if (needsShould && parts["should"] is JsonArray { Count: > 0 } && parts["minimum_should_match"] is null) parts["minimum_should_match"] = 1;
        return new JsonObject { ["bool"] = parts };
    }

    private static JsonObject Bool(string list, params JsonNode[] clauses)
    {
        var parts = new JsonObject { [list] = new JsonArray(clauses) };
        if (list == "should") parts["minimum_should_match"] = 1;
        return new JsonObject { ["bool"] = parts };
    }

    /// <summary>A list of filters stood alone or behind the name <c>filters</c>, a single one alone or behind <c>filter</c>.</summary>
    private static IEnumerable<JsonNode> FiltersIn(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("filters", out var several)) value = several;
        else if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("filter", out var one)) value = one;
        return ElementsOf(value).Select(FilterOf);
    }

    private static JsonNode? FieldOf(JsonElement missing) =>
        missing.ValueKind == JsonValueKind.Object && missing.TryGetProperty("field", out var field) ? NodeOf(field) : NodeOf(missing);
}
