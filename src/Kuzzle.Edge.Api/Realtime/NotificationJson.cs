using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>What the two kinds of notifications are written with.</summary>
internal static class NotificationJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    public static void WriteVolatile(Utf8JsonWriter writer, JsonElement metadata)
    {
        writer.WritePropertyName("volatile");
        if (metadata.ValueKind == JsonValueKind.Object) metadata.WriteTo(writer);
        else writer.WriteNullValue();
    }
}
