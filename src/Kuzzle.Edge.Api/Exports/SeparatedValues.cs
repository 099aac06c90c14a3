using System.Buffers;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Exports;

/// <summary>
/// A line of values for each document, its identifier first, behind a line with their names. A value that holds the separator, a quote or a line break stands in
/// quotes (RFC 4180), where Kuzzle writes it bare and no program could read it back.
/// </summary>
internal sealed class SeparatedValues : IExportFormat
{
    private readonly string _separator;
    private readonly IReadOnlyList<string[]> _paths;
    private readonly string _head;

    /// <summary>A format.</summary>
    /// <param name="separator">What stands between values.</param>
    /// <param name="fields">The paths of the fields, with dots.</param>
    /// <param name="names">What to call fields in the first line, where that is not their path.</param>
    public SeparatedValues(string separator, IReadOnlyList<string> fields, IReadOnlyDictionary<string, string> names)
    {
        _separator = separator;
        var columns = fields.Where(field => field != "_id").ToList();
        _paths = columns.ConvertAll(field => field.Split('.'));
        _head = string.Join(separator, columns.Prepend("_id").Select(field => Quoted(names.GetValueOrDefault(field, field)))) + "\n";
    }

    public string ContentType => "text/csv; charset=utf-8";

    public void WriteHead(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(_head, output);

    public void Write(IBufferWriter<byte> output, StoredDocument document)
    {
        var line = new StringBuilder(Quoted(document.Id));
        foreach (var path in _paths) line.Append(_separator).Append(Quoted(TextOf(ValueAt(document.Source, path))));
        line.Append('\n');
        foreach (var part in line.GetChunks()) Encoding.UTF8.GetBytes(part.Span, output);
    }

    private static JsonElement ValueAt(JsonElement value, string[] path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return default;
        }

        return value;
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.Object or JsonValueKind.Array => "[OBJECT]", // as Kuzzle: a column is for one value
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private string Quoted(string value) =>
        value.AsSpan().ContainsAny('"', '\r', '\n') || value.Contains(_separator, StringComparison.Ordinal)
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
}
