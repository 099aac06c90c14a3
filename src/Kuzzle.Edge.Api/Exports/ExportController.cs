using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text.Json;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Search;

namespace Kuzzle.Edge.Api.Exports;

/// <summary><c>document:export</c>: a collection as a file, of which memory holds a few documents at a time.</summary>
internal sealed class ExportController(DocumentWriter documents)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions => [new("export", ExportAsync)];

    private async ValueTask<ApiResult> ExportAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (request.Connection.Protocol != "http") return AssertErrors.UnsupportedProtocol(request.Connection.Protocol, "document:export");
        if (!documents.TryGetCollection(request, out var name, out var definition, out var refusal)
            || !TryGetFormat(request, name, definition, out var format, out var extension, out refusal)
            || !TryGetQuery(request, out var query, out refusal))
        {
            return refusal;
        }

        // The first step is taken before the answer begins: a query that is refused still gets its error.
        var first = await documents.Store.WalkAsync(name, query, after: 0, cancellationToken);
        if (first.Refusal is { } fault) return fault;

        return ApiResult.File(result: null, new ResultContent(format.ContentType, (output, cancelled) => WriteAsync(name, query, first, format, output, cancelled))
        {
            FileName = $"{name.Index}-{name.Collection}.{extension}",
        });
    }

    private async ValueTask WriteAsync(
        CollectionName name, JsonElement query, DocumentPage page, IExportFormat format, PipeWriter output, CancellationToken cancellationToken)
    {
        format.WriteHead(output);
        while (true)
        {
            foreach (var document in page.Documents) format.Write(output, document);

            var flush = await output.FlushAsync(cancellationToken);
            if (flush.IsCompleted || page.Next is not { } next) return;

            page = await documents.Store.WalkAsync(name, query, next, cancellationToken);
            if (page.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);
        }
    }

    private static bool TryGetFormat(
        ApiRequest request,
        CollectionName name,
        CollectionDefinition definition,
        [NotNullWhen(true)] out IExportFormat? format,
        out string extension,
        [NotNullWhen(false)] out ApiError? refusal)
    {
        format = null;
        extension = "";
        if (!request.TryGetText("format", "jsonl", out var wanted, out refusal)
            || !request.TryGetText("separator", ",", out var separator, out refusal)
            || !TryGetFields(request, out var fields, out refusal)
            || !TryGetNames(request, out var names, out refusal))
        {
            return false;
        }

        extension = wanted.ToLowerInvariant();
        format = extension switch
        {
            "jsonl" => new JsonLines(name),
            "csv" when separator.Length > 0 => new SeparatedValues(separator, fields ?? [.. MappedFields.Of(definition.Mapping)], names),
            _ => null,
        };
        if (format is not null) return true;

        refusal = extension == "csv" ? AssertErrors.EmptyArgument("separator") : AssertErrors.InvalidArgument("format", "\"jsonl\" or \"csv\"");
        return false;
    }

    private static bool TryGetFields(ApiRequest request, out IReadOnlyList<string>? fields, [NotNullWhen(false)] out ApiError? refusal)
    {
        fields = null;
        refusal = null;
        if (!TryGetOption(request, "fields", JsonValueKind.Array, out var given, out refusal)) return false;
        if (given.ValueKind == JsonValueKind.Undefined || given.GetArrayLength() == 0) return true;

        if (given.EnumerateArray().Any(field => field.ValueKind != JsonValueKind.String))
        {
            refusal = AssertErrors.InvalidType("fields", "array of strings");
            return false;
        }

        fields = [.. given.EnumerateArray().Select(field => field.GetString()!)];
        return true;
    }

    private static bool TryGetNames(ApiRequest request, out IReadOnlyDictionary<string, string> names, [NotNullWhen(false)] out ApiError? refusal)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        names = read;
        if (!TryGetOption(request, "fieldsName", JsonValueKind.Object, out var given, out refusal)) return false;
        if (given.ValueKind == JsonValueKind.Undefined) return true;

        foreach (var member in given.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String)
            {
                refusal = AssertErrors.InvalidType($"fieldsName.{member.Name}", "string");
                return false;
            }

            read[member.Name] = member.Value.GetString()!;
        }

        return true;
    }

    private static bool TryGetQuery(ApiRequest request, out JsonElement query, [NotNullWhen(false)] out ApiError? refusal)
    {
        query = default;
        if (!TryGetOption(request, "query", JsonValueKind.Object, out var given, out refusal)) return false;

        // Documents come in the order of the store, and each by itself: what asks for more is refused rather than passed over.
        foreach (var other in (ReadOnlySpan<string>)["sort", "collapse"])
        {
            if (!TryGetOption(request, other, JsonValueKind.Object, out var asked, out refusal)) return false;
            if (asked.ValueKind == JsonValueKind.Undefined || !asked.EnumerateObject().Any()) continue;

            refusal = AssertErrors.UnexpectedArgument(other, "query, fields, fieldsName, format, separator, lang");
            return false;
        }

        var body = given.ValueKind == JsonValueKind.Undefined ? default : JsonElement.Parse($$"""{"query":{{given.GetRawText()}}}""");
        if (!SearchBody.TryRead(request, body, out var read, out refusal)) return false;

        if (read.ValueKind == JsonValueKind.Object && read.TryGetProperty("query", out var translated)) query = translated;
        return true;
    }

    /// <summary>An option that stands in the body or among the arguments; undefined when in neither.</summary>
    private static bool TryGetOption(ApiRequest request, string name, JsonValueKind kind, out JsonElement value, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        if (request.Body.ValueKind != JsonValueKind.Object || !request.Body.TryGetProperty(name, out value)) value = request.Argument(name);
        if (value.ValueKind == JsonValueKind.Null) value = default;
        if (value.ValueKind == JsonValueKind.Undefined || value.ValueKind == kind) return true;

        refusal = AssertErrors.InvalidType(name, kind == JsonValueKind.Array ? "array" : "object");
        return false;
    }
}
