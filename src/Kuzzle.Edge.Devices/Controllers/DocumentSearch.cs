using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Devices.Controllers;

/// <summary>Searches a collection as <c>document:search</c> does: by its own action, so that paging, languages and errors are the same.</summary>
internal static class DocumentSearch
{
    public static async ValueTask<ApiResult> RunAsync(KuzzleApi api, ApiRequest request, CollectionName collection, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!api.Documents.Catalogue.TryGetCollection(collection, out _)) return ApiResult.Ok(new JsonObject { ["hits"] = new JsonArray(), ["total"] = 0, ["fetched"] = 0 });

        var search = ApiRequest.Create("document", "search", request.Connection, Caller.System, clock) with
        {
            Index = collection.Index,
            Collection = collection.Collection,
            Body = request.Body,
            Arguments = Without(request.Arguments),
        };
        var response = await api.ExecuteAsync(search, cancellationToken);
        return response.Error is { } fault ? fault : ApiResult.Ok(response.Result?.DeepClone());
    }

    /// <summary>What says where to search is not the caller's to say.</summary>
    private static JsonElement Without(JsonElement arguments)
    {
        var kept = new JsonObject();
        if (arguments.ValueKind == JsonValueKind.Object)
        {
            foreach (var argument in arguments.EnumerateObject())
            {
                if (argument.Name is "from" or "size" or "lang" or "scroll" or "searchBody") kept[argument.Name] = Registry.DocumentBytes.NodeOf(argument.Value);
            }
        }

        return Registry.DocumentBytes.ElementOf(kept);
    }
}
