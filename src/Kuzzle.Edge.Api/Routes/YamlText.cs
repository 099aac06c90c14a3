using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Routes;

/// <summary>JSON as block-style YAML. Names and texts stand in double quotes, with JSON's escapes: that is YAML 1.2, and needs no list of words to beware of.</summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The YAML of a tree, whose depth must be bounded.</summary>
    public static string Of(JsonNode tree)
    {
        var text = new StringBuilder();
        Write(text, tree, depth: 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                foreach (var (name, value) in members) WriteEntry(text, $"{Scalar(JsonValue.Create(name))}:", value, depth);
                break;
            case JsonArray { Count: > 0 } items:
                foreach (var item in items) WriteEntry(text, "-", item, depth);
                break;
            default:
                text.Append(' ', depth * 2).Append(Scalar(node)).Append('\n');
                break;
        }
    }

    private static void WriteEntry(StringBuilder text, string head, JsonNode? value, int depth)
    {
        text.Append(' ', depth * 2).Append(head);
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n');
            Write(text, value, depth + 1);
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    /// <summary>A scalar, <c>{}</c> or <c>[]</c>: the same in JSON and in YAML.</summary>
    private static string Scalar(JsonNode? value) => value?.ToJsonString(Relaxed) ?? "null";
}
