using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// Mappings of Elasticsearch 1.3: it had one type for texts, <c>string</c>, which <c>index</c> made a <c>keyword</c> (<c>not_analyzed</c>) or a <c>text</c>. The rest
/// of a mapping is passed on.
/// </summary>
internal static class LegacyMapping
{
    /// <summary>Fields as 2015 wrote them, in today's words. Changes them in place.</summary>
    public static void Modernise(JsonNode? properties)
    {
        foreach (var field in FieldsOf(properties))
        {
            if (IsText(field["type"], "string"))
            {
                var index = field["index"];
                var isAnalysed = index is null || IsText(index, "analyzed");
                field["type"] = isAnalysed ? "text" : "keyword";
                field.Remove("index");
                if (IsText(index, "no")) field["index"] = false;
            }

            Modernise(field["properties"]);
            Modernise(field["fields"]);
        }
    }

    /// <summary>The way back. Changes them in place.</summary>
    public static void Restore(JsonNode? properties)
    {
        foreach (var field in FieldsOf(properties))
        {
            if (IsText(field["type"], "text"))
            {
                field["type"] = "string";
            }
            else if (IsText(field["type"], "keyword"))
            {
                field["type"] = "string";
                field["index"] = field["index"] is JsonValue index && index.TryGetValue<bool>(out var isIndexed) && !isIndexed ? "no" : "not_analyzed";
            }

            Restore(field["properties"]);
            Restore(field["fields"]);
        }
    }

    private static IEnumerable<JsonObject> FieldsOf(JsonNode? properties) =>
        properties is JsonObject fields ? fields.Select(static field => field.Value).OfType<JsonObject>() : [];

    private static bool IsText(JsonNode? node, string text) => node is JsonValue value && value.TryGetValue<string>(out var given) && given == text;
}
