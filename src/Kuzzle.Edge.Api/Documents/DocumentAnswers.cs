using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>How documents stand in answers and notifications. Each call makes nodes of its own: a node can be in one tree only.</summary>
internal static class DocumentAnswers
{
    public static JsonObject Source(StoredDocument document) => JsonObject.Create(document.Source)!;

    /// <summary><c>{_id, _source, _version}</c>.</summary>
    public static JsonObject Whole(StoredDocument document) => new()
    {
        ["_id"] = document.Id,
        ["_source"] = Source(document),
        ["_version"] = document.Version,
    };

    /// <summary><c>{_id, _source, _version, created}</c>.</summary>
    public static JsonObject WholeAndCreated(WriteOutcome outcome)
    {
        var answer = Whole(outcome.After!);
        answer["created"] = outcome.Created;
        return answer;
    }

    /// <summary><c>{_id, _source}</c>.</summary>
    public static JsonObject WithoutVersion(StoredDocument document) => new() { ["_id"] = document.Id, ["_source"] = Source(document) };

    /// <summary>What is told of an update: <c>{_id, _source, _updatedFields}</c>.</summary>
    public static JsonObject Updated(StoredDocument document, JsonElement changes)
    {
        var result = WithoutVersion(document);
        result["_updatedFields"] = Fields(DocumentJson.LeavesOf(changes));
        return result;
    }

    /// <summary>Any JSON as a node.</summary>
    public static JsonNode? NodeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value),
    };

    /// <summary>The paths that changed.</summary>
    public static JsonArray Fields(IEnumerable<string> paths) => new([.. paths.Select(path => JsonValue.Create(path))]);
}
