using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>JSON as it is stored.</summary>
internal static class DocumentBytes
{
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(JsonNode node)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact)) node.WriteTo(writer);
        return output.WrittenMemory;
    }

    /// <summary>The same as an element of its own.</summary>
    public static JsonElement ElementOf(JsonNode node) => JsonElement.Parse(Of(node).Span);

    /// <summary>A node of its own, which may be changed and put into a tree.</summary>
    public static JsonNode? NodeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element)!.DeepClone(),
        JsonValueKind.Array => JsonArray.Create(element)!.DeepClone(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };

    /// <summary>The text that a node is; null when it is none.</summary>
    public static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The first object with the members of the second: objects are merged, everything else is replaced.</summary>
    public static void Merge(JsonObject into, JsonObject changes)
    {
        foreach (var (name, change) in changes)
        {
            if (into[name] is JsonObject below && change is JsonObject above) Merge(below, above);
            else into[name] = change?.DeepClone();
        }
    }

    /// <summary>Whether merging would change nothing.</summary>
    public static bool Says(JsonElement document, JsonObject changes)
    {
        var before = (JsonObject)NodeOf(document)!;
        var after = (JsonObject)before.DeepClone();
        Merge(after, changes);
        return JsonNode.DeepEquals(before, after);
    }
}
