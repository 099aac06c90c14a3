using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Search;

/// <summary>Koncorde's words in a search (<c>lang: koncorde</c>), said in the query language of the store.</summary>
internal static class KoncordeTranslation
{
    public static bool TryTranslate(JsonElement query, out JsonElement translated, [NotNullWhen(false)] out ApiError? refusal)
    {
        translated = default;
        if (query.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            refusal = null;
            return true;
        }

        if (query.ValueKind != JsonValueKind.Object)
        {
            refusal = AssertErrors.InvalidType("body.query", "object");
            return false;
        }

        var node = Translate(query, out refusal);
        if (refusal is not null) return false;

        translated = JsonElement.Parse(node!.ToJsonString());
        return true;
    }

    private static JsonObject? Translate(JsonElement filter, out ApiError? refusal)
    {
        refusal = null;
        if (filter.ValueKind != JsonValueKind.Object) return Refused("a filter must be an object", out refusal);

        using var members = filter.EnumerateObject();
        if (!members.MoveNext()) return Clause("match_all", new JsonObject());

        var (name, content) = (members.Current.Name, members.Current.Value);
        return name switch
        {
            "bool" => RefusedOperator(name, out refusal),
            "and" => Operator("filter", content, out refusal),
            "or" => Operator("should", content, out refusal),
            "not" => Operator("must_not", content, out refusal),
            "equals" => Clause("term", DocumentAnswers.NodeOf(content)),
            "in" => Clause("terms", DocumentAnswers.NodeOf(content)),
            "exists" => Exists(content),
            "missing" => Clause("bool", new JsonObject { ["must_not"] = new JsonArray(Clause("exists", new JsonObject { ["field"] = FieldOf(content) })) }),
            "geoBoundingBox" => Clause("geo_bounding_box", DocumentAnswers.NodeOf(content)),
            "geoDistance" => Clause("geo_distance", DocumentAnswers.NodeOf(content)),
            "geoDistanceRange" => Clause("geo_distance_range", DocumentAnswers.NodeOf(content)),
            "geoPolygon" => Clause("geo_polygon", DocumentAnswers.NodeOf(content)),
            _ => Clause(name, DocumentAnswers.NodeOf(content)),
        };
    }

    /// <summary><c>tags["x"]</c> asks for an element of an array; a value that JavaScript takes for false is passed over, as Kuzzle does.</summary>
    private static JsonObject Exists(JsonElement content)
    {
        var text = FieldOf(content);
        var open = text is [.., ']'] ? text.IndexOf('[', StringComparison.Ordinal) : -1;
        if (open < 0) return Clause("exists", new JsonObject { ["field"] = text });

        var exists = Clause("exists", new JsonObject { ["field"] = text![..open] });
        if (ElementOf(text[(open + 1)..^1]) is not { } element) return exists;

        var range = Clause("range", new JsonObject { [text[..open]] = new JsonObject { ["gte"] = element, ["lte"] = element.DeepClone() } });
        return Clause("bool", new JsonObject { ["filter"] = new JsonArray(exists, range) });
    }

    private static JsonValue? ElementOf(string json)
    {
        try
        {
            var element = JsonElement.Parse(json);
            return element.ValueKind switch
            {
                JsonValueKind.True => JsonValue.Create(element),
                JsonValueKind.Number when element.GetDouble() != 0 => JsonValue.Create(element),
                JsonValueKind.String when element.GetString() is { Length: > 0 } => JsonValue.Create(element),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject? Operator(string clause, JsonElement content, out ApiError? refusal)
    {
        refusal = null;
        var operands = new JsonArray();
        foreach (var filter in content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToArray() : [content])
        {
            if (Translate(filter, out refusal) is not { } operand) return null;
            operands.Add((JsonNode)operand);
        }

        return Clause("bool", new JsonObject { [clause] = operands });
    }

    private static JsonObject Clause(string name, JsonNode? content) => new() { [name] = content };

    private static string? FieldOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString(),
        JsonValueKind.Object when content.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.String => field.GetString(),
        _ => null,
    };

    private static JsonObject? RefusedOperator(string name, out ApiError refusal)
    {
        refusal = AssertErrors.KoncordeRestrictedKeyword("operator", name);
        return null;
    }

    private static JsonObject? Refused(string reason, out ApiError refusal)
    {
        refusal = AssertErrors.KoncordeDslError(reason);
        return null;
    }
}
