using System.Text.Json;
using System.Text.Json.Nodes;
using static Kuzzle.Edge.Protocols.KuzzleLegacy.LegacyJson;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// The filter of a subscription of 2015 put into Koncorde's words. Of an object with several keywords only the first counts, as then. What Koncorde has under
/// the same name is passed on, so that it refuses what is wrong in it.
/// </summary>
internal static class LegacyFilter
{
    public static JsonElement Translate(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.GetPropertyCount() > 0 ? ElementOf(FilterOf(body)) : JsonElement.Parse("{}");

    private static JsonNode FilterOf(JsonElement filter)
    {
        if (filter.ValueKind != JsonValueKind.Object || filter.GetPropertyCount() == 0) return NodeOf(filter) ?? new JsonObject();

        var clause = filter.EnumerateObject().First();
        var keyword = CamelCase(clause.Name);
        return keyword switch
        {
            "term" => Clause("equals", FirstOf(clause.Value)),
            "terms" or "in" => TermsOf(clause.Value),
            "range" or "regexp" or "geoBoundingBox" => Clause(keyword, FirstOf(clause.Value)),
            "and" or "or" => Clause(keyword, ListOf(clause.Value)),
            "not" => Clause("not", clause.Value.ValueKind == JsonValueKind.Array ? Clause("and", ListOf(clause.Value)) : FilterOf(clause.Value)),
            "bool" when clause.Value.ValueKind == JsonValueKind.Object => Clause("bool", BoolOf(clause.Value)),
            _ => Clause(keyword, NodeOf(clause.Value)),
        };
    }

    /// <summary>Koncorde's <c>in</c> takes texts only; other values become alternatives.</summary>
    private static JsonObject TermsOf(JsonElement terms)
    {
        if (terms.ValueKind != JsonValueKind.Object || terms.GetPropertyCount() == 0) return Clause("in", NodeOf(terms));

        var field = terms.EnumerateObject().First();
        if (field.Value.ValueKind != JsonValueKind.Array || field.Value.EnumerateArray().All(static value => value.ValueKind == JsonValueKind.String))
        {
            return Clause("in", FirstOf(terms));
        }

        return Clause("or", new JsonArray([.. field.Value.EnumerateArray().Select(value => Clause("equals", new JsonObject { [field.Name] = NodeOf(value) }))]));
    }

    private static JsonObject BoolOf(JsonElement lists)
    {
        var parts = new JsonObject();
        foreach (var list in lists.EnumerateObject())
        {
            var name = list.Name switch
            {
                "mustNot" => "must_not",
                "shouldNot" => "should_not",
                _ => list.Name,
            };
            parts[name] = list.Value.ValueKind == JsonValueKind.Null ? null : ListOf(list.Value);
        }

        return parts;
    }

    private static JsonArray ListOf(JsonElement filters) => filters.ValueKind == JsonValueKind.Array
        ? new JsonArray([.. filters.EnumerateArray().Select(FilterOf)])
        : new JsonArray(FilterOf(filters));

    private static JsonNode? FirstOf(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object || fields.GetPropertyCount() == 0) return NodeOf(fields);

        var field = fields.EnumerateObject().First();
        return new JsonObject { [field.Name] = NodeOf(field.Value) };
    }

    private static JsonObject Clause(string keyword, JsonNode? argument) => new() { [keyword] = argument };

    /// <summary>Every keyword was read in both spellings: <c>geo_bounding_box</c>, <c>geoBoundingBox</c>.</summary>
    private static string CamelCase(string name)
    {
        var words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2 ? name : words[0] + string.Concat(words.Skip(1).Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
