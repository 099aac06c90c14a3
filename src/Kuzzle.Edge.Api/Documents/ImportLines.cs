using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>The lines of <c>bulk:import</c>: an action object, then its payload (none for delete).</summary>
internal static class ImportLines
{
    private static readonly string[] Actions = ["index", "create", "update", "delete"];

    /// <summary>Reads all lines; a line out of place refuses the whole import, before anything is stored.</summary>
    public static bool TryRead(JsonElement lines, out List<Item> items, [NotNullWhen(false)] out ApiError? refusal)
    {
        items = [];
        refusal = null;
        var number = 0;
        using var line = lines.EnumerateArray();
        while (line.MoveNext())
        {
            number++;
            if (ActionOf(line.Current) is not { } action)
            {
                refusal = StorageErrors.UnexpectedBadRequest($"bulkData[{number - 1}]: expected one of {string.Join(", ", Actions)} with an object");
                return false;
            }

            var id = IdOf(line.Current.GetProperty(action));
            if (action == "delete")
            {
                items.Add(new Item(action, id ?? "", default, default));
                continue;
            }

            number++;
            if (!line.MoveNext() || !TryReadPayload(action, line.Current, out var payload, out var upsert))
            {
                refusal = StorageErrors.UnexpectedBadRequest($"bulkData[{number - 1}]: expected the document of the {action} before it");
                return false;
            }

            items.Add(new Item(action, id ?? (action == "update" ? "" : DocumentId.New()), payload, upsert));
        }

        return true;
    }

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
