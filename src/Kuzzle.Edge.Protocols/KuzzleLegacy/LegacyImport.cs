using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// The controller <c>bulk</c>. Its lines are those of Elasticsearch: an action, then its document. As the page of 2015 shows it, more documents may follow: they
/// are as many more actions of the same kind.
/// </summary>
internal sealed class LegacyImport(LegacyApi api)
{
    public async ValueTask<LegacyAnswer> ImportAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadLines(request.Body, out var lines, out var actions, out var fault)) return LegacyAnswer.Fail(fault);

        var response = await api.WriteAsync(request, "bulk", "import", LegacyJson.ElementOf(new JsonObject { ["bulkData"] = lines }), cancellationToken);
        if (response.Error is { } error && response.Result is null) return error;

        return LegacyAnswer.Of(request, new JsonObject { ["_source"] = LegacyDocuments.BodyOf(request), ["items"] = InOrder(actions, response.Result) });
    }

    private static bool TryReadLines(
        JsonElement body, out JsonArray lines, out List<(string Action, string Id)> actions, [NotNullWhen(false)] out string? fault)
    {
        lines = [];
        actions = [];
        fault = body.ValueKind == JsonValueKind.Array && body.GetArrayLength() > 0 ? null : "A bulk import needs a body with at least one line: an array.";
        if (fault is not null) return false;

        string? action = null;
        var isOwed = false;
        var number = -1;
        foreach (var line in body.EnumerateArray())
        {
            number++;
            if (!isOwed && ActionOf(line) is { } next)
            {
                action = next;
                var target = line.GetProperty(next);
                Add(lines, actions, action, IdOf(target) ?? NewId(action));
                isOwed = action != "delete";
            }
            else if (line.ValueKind != JsonValueKind.Object || action is null or "delete")
            {
                fault = $"body[{number}] must be {(isOwed ? $"the document of the {action} before it" : "create, index, update or delete with an object")}.";
                return false;
            }
            else
            {
                if (!isOwed) Add(lines, actions, action, NewId(action));
                lines.Add(LegacyJson.NodeOf(line));
                isOwed = false;
            }
        }

        if (isOwed) fault = $"body[{number + 1}] must be the document of the {action} before it.";
        return !isOwed;
    }

    private static void Add(JsonArray lines, List<(string Action, string Id)> actions, string action, string id)
    {
        lines.Add((JsonNode)new JsonObject { [action] = new JsonObject { ["_id"] = id } });
        actions.Add((action, id));
    }

    /// <summary>Given here, so that each outcome can be told from the others; an update of nothing in particular finds nothing.</summary>
    private static string NewId(string action) => action is "create" or "index" ? Guid.NewGuid().ToString() : "";

    /// <summary>The action of a line; null when the line is a document. What follows the word is its address, of which all members begin with an underscore.</summary>
    private static string? ActionOf(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || line.GetPropertyCount() != 1) return null;

        var member = line.EnumerateObject().First();
        return member.Name is "create" or "index" or "update" or "delete"
            && member.Value.ValueKind == JsonValueKind.Object
            && member.Value.EnumerateObject().All(static name => name.Name.StartsWith('_'))
            ? member.Name
            : null;
    }

    private static string? IdOf(JsonElement target) => !target.TryGetProperty("_id", out var id) ? null : id.ValueKind switch
    {
        JsonValueKind.String when id.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Number => id.GetRawText(),
        _ => null,
    };

    /// <summary>The API tells successes and failures apart; 2015 listed them as they were sent.</summary>
    private static JsonArray InOrder(List<(string Action, string Id)> actions, JsonNode? result)
    {
        var successes = OutcomesOf(result?["successes"]);
        var errors = OutcomesOf(result?["errors"]);
        var items = new JsonArray();
        foreach (var action in actions)
        {
            if (Take(successes, action) is { } outcome || Take(errors, action) is { } failure && (outcome = failure) is not null)
            {
                var shown = new JsonObject { ["_id"] = action.Id, ["status"] = outcome["status"]?.DeepClone() };
                if (outcome["error"] is { } error) shown["error"] = TextOf(error);
                items.Add((JsonNode)new JsonObject { [action.Action] = shown });
            }
        }

        return items;
    }

    private static Dictionary<(string Action, string Id), Queue<JsonNode>> OutcomesOf(JsonNode? list)
    {
        var outcomes = new Dictionary<(string Action, string Id), Queue<JsonNode>>();
        foreach (var entry in list?.AsArray() ?? [])
        {
            foreach (var (action, outcome) in entry!.AsObject())
            {
                var key = (action, outcome?["_id"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : "");
                if (!outcomes.TryGetValue(key, out var queue)) outcomes.Add(key, queue = new());
                queue.Enqueue(outcome!);
            }
        }

        return outcomes;
    }

    private static JsonNode? Take(Dictionary<(string Action, string Id), Queue<JsonNode>> outcomes, (string Action, string Id) action) =>
        outcomes.TryGetValue(action, out var queue) && queue.TryDequeue(out var outcome) ? outcome : null;

    private static JsonNode? TextOf(JsonNode error) => error is JsonObject && error["reason"] is { } reason ? reason.DeepClone() : error.DeepClone();
}
