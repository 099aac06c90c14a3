using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Catalogues;

/// <summary>The controller <c>index</c>.</summary>
internal sealed class IndexController(IDocumentStore store)
{
    public Controller Controller => new("index", new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["create"] = CreateAsync,
        ["delete"] = DeleteAsync,
        ["mDelete"] = DeleteManyAsync,
        ["exists"] = Controllers.Controller.AtOnce(Exists),
        ["list"] = Controllers.Controller.AtOnce(List),
        ["stats"] = StatsAsync,
    });

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Index)) return AssertErrors.MissingArgument("index");
        if (request.Index == Names.Internal) return StorageErrors.IndexAlreadyExists("private", request.Index);
        if (!Names.IsValid(request.Index)) return StorageErrors.InvalidIndexName(request.Index);

        return await store.CreateIndexAsync(request.Index, cancellationToken)
            ? ApiResult.Ok(null)
            : StorageErrors.IndexAlreadyExists("public", request.Index);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Index)) return AssertErrors.MissingArgument("index");

        if (request.Index == InternalIndex.Name) return StorageErrors.UnknownIndex(request.Index);

        var deleted = await store.DeleteIndexesAsync([request.Index], cancellationToken);
        return deleted.Count == 0 ? StorageErrors.UnknownIndex(request.Index) : ApiResult.Ok(new JsonObject { ["acknowledged"] = true });
    }

    private async ValueTask<ApiResult> DeleteManyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetFromBody("indexes", JsonValueKind.Array, out var indexes, out var refusal)) return refusal;
        if (indexes.EnumerateArray().Any(index => index.ValueKind != JsonValueKind.String)) return AssertErrors.InvalidType("body.indexes", "array of strings");

        var deleted = await store.DeleteIndexesAsync([.. indexes.EnumerateArray().Select(index => index.GetString()!).Where(index => index != InternalIndex.Name)], cancellationToken);
        return ApiResult.Ok(new JsonObject { ["deleted"] = new JsonArray([.. deleted.Select(index => JsonValue.Create(index))]) });
    }

    private ApiResult Exists(ApiRequest request) =>
        string.IsNullOrEmpty(request.Index) ? AssertErrors.MissingArgument("index") : ApiResult.Ok(store.Catalogue.TryGetPublicIndex(request.Index, out _));

    private ApiResult List(ApiRequest request)
    {
        if (!request.TryGetSwitch("countCollection", out var counts, out var refusal)) return refusal;

        var indexes = store.Catalogue.PublicIndexes.ToList();
        var answer = new JsonObject { ["indexes"] = new JsonArray([.. indexes.Select(index => JsonValue.Create(index.Name))]) };
        if (counts)
        {
            var collections = new JsonObject();
            foreach (var index in indexes) collections[index.Name] = index.Collections.Count;
            answer["collections"] = collections;
        }

        return ApiResult.Ok(answer);
    }

    private async ValueTask<ApiResult> StatsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var indexes = store.Catalogue.PublicIndexes.ToList();
        var names = indexes.SelectMany(index => index.CollectionNames.Select(collection => new CollectionName(index.Name, collection))).ToList();
        var sizes = names.Zip(await store.MeasureAsync(names, cancellationToken)).ToLookup(entry => entry.First.Index, StringComparer.Ordinal);
        return ApiResult.Ok(new JsonObject
        {
            ["indexes"] = new JsonArray([.. indexes.Select(index => new JsonObject
            {
                ["name"] = index.Name,
                ["size"] = sizes[index.Name].Sum(entry => entry.Second.Bytes),
                ["collections"] = new JsonArray([.. sizes[index.Name].Select(entry => new JsonObject
                {
                    ["name"] = entry.First.Collection,
                    ["documentCount"] = entry.Second.Documents,
                    ["size"] = entry.Second.Bytes,
                })]),
            })]),
            ["size"] = sizes.Sum(index => index.Sum(entry => entry.Second.Bytes)),
        });
    }
}
