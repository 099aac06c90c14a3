using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>What a client hears: <c>{"error": null | text, "result": …}</c>, or nothing.</summary>
internal sealed class LegacyAnswer
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonNode? _result;

    private LegacyAnswer(string? error, JsonNode? result)
    {
        Error = error;
        _result = result;
    }

    /// <summary>A message that is not stored is not answered.</summary>
    public static LegacyAnswer Silence { get; } = new(error: null, result: null);

    public string? Error { get; }

    public static LegacyAnswer Fail(string error) => new(error, result: null);

    public static LegacyAnswer Bare(JsonNode result) => new(error: null, result);

    /// <summary>A result with the echo of the request behind it: <c>collection</c>, <c>action</c>, <c>controller</c>, <c>requestId</c>.</summary>
    public static LegacyAnswer Of(LegacyRequest request, JsonObject result)
    {
        result["collection"] = request.Topic.Collection;
        result["action"] = request.Topic.Action;
        result["controller"] = request.Topic.Controller;
        result["requestId"] = request.RequestId;
        return new(error: null, result);
    }

    public static implicit operator LegacyAnswer(ApiError error) => Fail(error.Message);

    public ReadOnlyMemory<byte> ToJson() => Write(Error, _result);

    /// <summary>The envelope, which notifications have, too.</summary>
    public static ReadOnlyMemory<byte> Write(string? error, JsonNode? result)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("error", error);
            writer.WritePropertyName("result");
            if (result is null) writer.WriteNullValue();
            else result.WriteTo(writer);
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
