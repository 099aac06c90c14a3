using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>The items of a request about several documents: what is to be written, and what was refused so far, each by its own reason.</summary>
internal sealed class Batch
{
    private readonly List<DocumentWrite> _writes = [];
    private readonly List<JsonElement> _items = [];

    public IReadOnlyList<DocumentWrite> Writes => _writes;

    public JsonArray Errors { get; } = [];

    public JsonArray Successes { get; } = [];

    public void Add(JsonElement item, DocumentWrite write)
    {
        _items.Add(item);
        _writes.Add(write);
    }

    /// <summary>The item that a write was made of.</summary>
    public JsonElement ItemOf(int write) => _items[write];

    /// <summary>Adds to the items that were done.</summary>
    public void Succeed(JsonNode item) => Successes.Add(item);

    /// <summary>Adds to the items that were not done.</summary>
    public void Fail(JsonNode item) => Errors.Add(item);

    /// <summary>Refuses an item: <c>{document, reason, status}</c>.</summary>
    public void Refuse(JsonNode? document, string reason, int status) =>
        Fail(new JsonObject { ["document"] = document, ["reason"] = reason, ["status"] = status });

    /// <summary>Refuses an item for what it is; its <c>_source</c> and the like are not shown.</summary>
    public void RefuseShape(JsonElement item, string reason)
    {
        var shown = new JsonObject();
        if (item.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in (ReadOnlySpan<string>)["_id", "body", "changes", "default"])
            {
                if (item.TryGetProperty(name, out var value) && !(name == "body" && reason.Contains("changes", StringComparison.Ordinal)))
                {
                    shown[name] = DocumentAnswers.NodeOf(value);
                }
            }
        }

        Refuse(shown, reason, 400);
    }

    /// <summary>The answer: both lists, or with <c>strict</c> and an item refused, an error. What was done stays done.</summary>
    public ApiResult Answer(bool strict, string action) => strict && Errors.Count > 0
        ? ProcessErrors.IncompleteMultipleRequest(action, Errors)
        : ApiResult.Ok(new JsonObject { ["errors"] = Errors, ["successes"] = Successes });
}
