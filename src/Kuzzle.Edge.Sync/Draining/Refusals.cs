using System.Collections.Frozen;
using System.Text.Json;
using Kuzzle.Edge.Sync.Connections;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>What the errors of a Kuzzle mean for what was sent.</summary>
internal static class Refusals
{
    /// <summary>
    /// Errors with a status of the sender's that no document is to blame for: the upstream lacks an action or a plugin, or a name in the rules is none there. To keep
    /// everything aside for good would leave the operator with a million documents to be sent again when the mistake is mended.
    /// </summary>
    private static readonly FrozenSet<string> Elsewhere = FrozenSet.Create(
        StringComparer.Ordinal,
        "api.process.controller_not_found",
        "api.process.action_not_found",
        "api.process.incompatible_sdk_version",
        "network.http.url_not_found",
        UpstreamAnswer.UnknownIndex,
        UpstreamAnswer.UnknownCollection,
        "services.storage.index_already_exists",
        "services.storage.invalid_index_name",
        "services.storage.invalid_collection_name",
        "services.storage.collection_reserved",
        "services.storage.invalid_mapping");

    /// <summary>A request was refused as a whole.</summary>
    public static RefusalKind Of(UpstreamAnswer answer) =>
        answer.MayPassLater ? RefusalKind.LinkMayPassLater
        : answer.Status is 403 or 409 or 412 or 423 || (answer.ErrorId is { } id && Elsewhere.Contains(id)) ? RefusalKind.WaitsAside
        : RefusalKind.ForGood;

    /// <summary>One document of a request was refused.</summary>
    public static RefusalKind OfDocument(int status) =>
        status is 408 or 425 or 429 or >= 500 ? RefusalKind.LinkMayPassLater
        : status is 401 or 403 or 409 or 412 or 423 ? RefusalKind.WaitsAside
        : RefusalKind.ForGood;

    /// <summary>The items of <c>errors</c>: <c>{document: {_id}, reason, status}</c> for writes, <c>{_id, reason, status}</c> for deletions.</summary>
    public static Dictionary<string, (string Reason, int Status)> ById(JsonElement result)
    {
        var refusals = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        foreach (var error in Items(result, "errors"))
        {
            if (error.ValueKind != JsonValueKind.Object) continue;

            var named = error.TryGetProperty("document", out var document) ? document : error;
            if (IdOf(named) is not { } id) continue;

            var status = error.TryGetProperty("status", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var parsed) ? parsed : 400;
            refusals[id] = (error.TextOf("reason") ?? "refused without a reason", status);
        }

        return refusals;
    }

    /// <summary>The identifiers of <c>successes</c>, which are themselves the items for deletions. What is named neither here nor among the errors was not taken.</summary>
    public static HashSet<string> SuccessesOf(JsonElement result)
    {
        var successes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var success in Items(result, "successes"))
        {
            if (IdOf(success) is { } id) successes.Add(id);
        }

        return successes;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement result, string member) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty(member, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static string? IdOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString(),
        _ => item.TextOf("_id"),
    };
}
