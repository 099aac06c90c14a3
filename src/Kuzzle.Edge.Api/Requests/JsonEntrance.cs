using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>
/// Where JSON from outside comes in. Behind it no object has a name twice, so no two readers can disagree on its value: the last one counts, as it does for
/// JavaScript.
/// </summary>
public static class JsonEntrance
{
    /// <summary>Deeper JSON is refused: documents are walked recursively. Kuzzle's own limit is Elasticsearch's 20 levels of mapping.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Plain = new() { MaxDepth = MaxDepth };

    /// <summary>Parses one JSON value. The bytes must not change as long as the element is used.</summary>
    /// <param name="fault">Why it cannot be, in a sentence without the payload itself.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, out JsonElement value, [NotNullWhen(false)] out string? fault)
    {
        value = default;
        fault = null;
        if (!Utf8.IsValid(utf8Json.Span))
        {
            // The parser passes over bytes inside strings; found only later, they would have been stored by then.
            fault = "The JSON is not UTF-8.";
            return false;
        }

        try
        {
            if (HasHalfSurrogates(utf8Json.Span))
            {
                fault = "The JSON holds half a surrogate pair, which is no text.";
                return false;
            }

            value = TryParseStrictly(utf8Json) ?? ParseWithoutDuplicates(utf8Json);
            return true;
        }
        catch (JsonException exception)
        {
            fault = $"The JSON cannot be read (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).";
            return false;
        }
    }

    private static JsonElement? TryParseStrictly(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            return JsonDocument.Parse(utf8Json, NoDuplicates).RootElement;
        }
        catch (JsonException)
        {
            return null; // No JSON at all, or a name that stands twice: the slower way tells them apart.
        }
    }

    private static JsonElement ParseWithoutDuplicates(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json, Plain);
        var rewritten = new ArrayBufferWriter<byte>(utf8Json.Length);
        using (var writer = new Utf8JsonWriter(rewritten)) WriteWithoutDuplicates(document.RootElement, writer);
        return JsonDocument.Parse(rewritten.WrittenMemory, NoDuplicates).RootElement;
    }

    /// <summary>A lone \ud800 parses as JSON, but no reader can make a string of it later.</summary>
    private static bool HasHalfSurrogates(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.IndexOf("\\u"u8) < 0) return false;

        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped) continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteWithoutDuplicates(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var last = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject()) last[member.Name] = member.Value;
                writer.WriteStartObject();
                foreach (var (name, member) in last)
                {
                    writer.WritePropertyName(name);
                    WriteWithoutDuplicates(member, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray()) WriteWithoutDuplicates(element, writer);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
