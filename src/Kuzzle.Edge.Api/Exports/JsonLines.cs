using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Exports;

/// <summary>A line of JSON for each document, behind one that names the collection: what Kuzzle's own tools read back.</summary>
internal sealed class JsonLines(CollectionName collection) : IExportFormat
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ContentType => "application/x-ndjson";

    public void WriteHead(IBufferWriter<byte> output) => WriteLine(output, json =>
    {
        json.WriteString("collection"u8, collection.Collection);
        json.WriteString("index"u8, collection.Index);
        json.WriteString("type"u8, "collection"u8);
    });

    public void Write(IBufferWriter<byte> output, StoredDocument document) => WriteLine(output, json =>
    {
        json.WriteString("_id"u8, document.Id);
        json.WritePropertyName("body"u8);
        json.WriteRawValue(document.Json.Span, skipInputValidation: true); // Stored documents have been validated.
    });

    private static void WriteLine(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(output, Compact))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
