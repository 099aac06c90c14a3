using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>JSON from what was read to what is written, and back.</summary>
internal static class LegacyJson
{
    /// <summary>A node of its own, which can be put into a tree.</summary>
    public static JsonNode? NodeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value)!.DeepClone(),
        JsonValueKind.Array => JsonArray.Create(value)!.DeepClone(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value),
    };

    public static JsonElement ElementOf(JsonNode node) => JsonElement.Parse(node.ToJsonString());

    /// <summary>One value is as good as a list of one.</summary>
    public static IEnumerable<JsonElement> ElementsOf(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
