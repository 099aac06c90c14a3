using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Imports;

/// <summary>The lines of <c>bulk:import</c>: an action object, then its payload (none for delete). They come one after another, however many there are.</summary>
internal sealed class ImportLines
{
    private static readonly string[] Actions = ["index", "create", "update", "delete"];

    private string? _action;
    private string? _id;
    private int _lines;

    /// <summary>Reads all lines; a line out of place refuses the whole import, before anything is stored.</summary>
    public static bool TryRead(JsonElement lines, out List<Item> items, [NotNullWhen(false)] out ApiError? refusal)
    {
        items = [];
        var reader = new ImportLines();
        foreach (var line in lines.EnumerateArray())
        {
            if (!reader.TryAdd(line, out var item, out refusal)) return false;
            if (item is not null) items.Add(item);
        }

        return reader.TryEnd(out refusal);
    }

    /// <summary>Takes the next line, and answers the item that is complete by it, if any.</summary>
    public bool TryAdd(JsonElement line, out Item? item, [NotNullWhen(false)] out ApiError? refusal)
    {
        item = null;
        refusal = null;
        _lines++;
        return _action is null ? TryAddAction(line, out item, out refusal) : TryAddPayload(_action, line, out item, out refusal);
    }

    /// <summary>There are no more lines.</summary>
    public bool TryEnd([NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = _action is null ? null : OutOfPlace(_lines, _action);
        return refusal is null;
    }

    private bool TryAddAction(JsonElement line, out Item? item, [NotNullWhen(false)] out ApiError? refusal)
    {
        item = null;
        if (ActionOf(line) is not { } action)
        {
            refusal = StorageErrors.UnexpectedBadRequest($"bulkData[{_lines - 1}]: expected one of {string.Join(", ", Actions)} with an object");
            return false;
        }

        refusal = null;
        var id = IdOf(line.GetProperty(action));
        if (action == "delete") item = new Item(action, id ?? "", default, default);
        else (_action, _id) = (action, id);
        return true;
    }

    private bool TryAddPayload(string action, JsonElement line, out Item? item, [NotNullWhen(false)] out ApiError? refusal)
    {
        item = null;
        refusal = null;
        if (!TryReadPayload(action, line, out var payload, out var upsert))
        {
            refusal = OutOfPlace(_lines - 1, action);
            return false;
        }

        item = new Item(action, _id ?? (action == "update" ? "" : DocumentId.New()), payload, upsert);
        (_action, _id) = (null, null);
        return true;
    }

    private static ApiError OutOfPlace(int line, string action) =>
        StorageErrors.UnexpectedBadRequest($"bulkData[{line}]: expected the document of the {action} before it");

    private static string? ActionOf(JsonElement line) => line.ValueKind == JsonValueKind.Object && line.EnumerateObject().Count() == 1
        ? Array.Find(Actions, action => line.TryGetProperty(action, out var target) && target.ValueKind == JsonValueKind.Object)
        : null;

    private static string? IdOf(JsonElement target) =>
        target.TryGetProperty("_id", out var id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } text ? text : null;

    private static bool TryReadPayload(string action, JsonElement line, out JsonElement payload, out JsonElement upsert)
    {
        payload = line;
        upsert = default;
        if (line.ValueKind != JsonValueKind.Object) return false;
        if (action != "update") return true;

        if (line.TryGetProperty("upsert", out var given) && given.ValueKind == JsonValueKind.Object) upsert = given;
        return line.TryGetProperty("doc", out payload) && payload.ValueKind == JsonValueKind.Object;
    }

    /// <summary>One action with its payload.</summary>
    internal sealed record Item(string Action, string Id, JsonElement Payload, JsonElement Upsert)
    {
        public DocumentWrite ToWrite(ApiRequest request) => Action switch
        {
            "create" => new CreateDocument(Id, DocumentJson.Compose(Payload, Metadata.Created(request))),
            "index" => new PutDocument(Id, DocumentJson.Compose(Payload, Metadata.Created(request))),
            "update" => new UpdateDocument(
                Id,
                Payload,
                request,
                Upsert.ValueKind == JsonValueKind.Object ? DocumentJson.Compose(Upsert, Metadata.Created(request)) : (ReadOnlyMemory<byte>?)null),
            _ => new DeleteDocument(Id),
        };

        public JsonObject Success(int status) => new() { [Action] = new JsonObject { ["_id"] = Id, ["status"] = status } };

        public JsonObject Refusal(string reason, string type, int status)
        {
            var refusal = new JsonObject { ["_id"] = Id, ["status"] = status };
            if (Payload.ValueKind == JsonValueKind.Object) refusal["_source"] = JsonObject.Create(Payload);
            refusal["error"] = new JsonObject { ["reason"] = reason, ["type"] = type };
            return new JsonObject { [Action] = refusal };
        }
    }
}
