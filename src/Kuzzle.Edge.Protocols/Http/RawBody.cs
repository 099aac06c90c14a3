using System.Buffers;
using System.Text.Json;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>A body that may be anything, as the JSON that actions understand.</summary>
internal static class RawBody
{
    /// <summary><c>{payload_base64, contentType}</c>.</summary>
    public static ReadOnlyMemory<byte> Wrap(ReadOnlyMemory<byte> bytes, string? contentType)
    {
        var output = new ArrayBufferWriter<byte>(64 + (bytes.Length * 4 / 3));
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteBase64String("payload_base64"u8, bytes.Span);
        if (!string.IsNullOrWhiteSpace(contentType)) json.WriteString("contentType"u8, contentType);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }
}
