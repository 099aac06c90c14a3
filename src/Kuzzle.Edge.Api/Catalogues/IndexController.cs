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
        var arguments = new Arguments(request);
        var index = arguments.Index();
        if (index == Names.Internal) arguments.Refuse(StorageErrors.IndexAlreadyExists("private", index));
        if (!Names.IsValid(index)) arguments.Refuse(StorageErrors.InvalidIndexName(index));
        if (arguments.AreWrong(out var refusal)) return refusal;

        return await store.CreateIndexAsync(index, cancellationToken) ? ApiResult.Ok(null) : StorageErrors.IndexAlreadyExists("public", index);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var index = arguments.Index();
        if (index == InternalIndex.Name) arguments.Refuse(StorageErrors.UnknownIndex(index));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var deleted = await store.DeleteIndexesAsync([index], cancellationToken);
        return deleted.Count == 0 ? StorageErrors.UnknownIndex(index) : ApiResult.Ok(new JsonObject { ["acknowledged"] = true });
    }

    private async ValueTask<ApiResult> DeleteManyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var indexes = arguments.FromBody("indexes", JsonValueKind.Array);
        if (indexes.ValueKind == JsonValueKind.Array && indexes.EnumerateArray().Any(index => index.ValueKind != JsonValueKind.String))
        {
            arguments.Refuse(AssertErrors.InvalidType("body.indexes", "array of strings"));
        }

        if (arguments.AreWrong(out var refusal)) return refusal;

        var deleted = await store.DeleteIndexesAsync([.. indexes.EnumerateArray().Select(index => index.GetString()!).Where(index => index != InternalIndex.Name)], cancellationToken);
        return ApiResult.Ok(new JsonObject { ["deleted"] = new JsonArray([.. deleted.Select(index => JsonValue.Create(index))]) });
    }

    private ApiResult Exists(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var index = arguments.Index();
        return arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(store.Catalogue.TryGetPublicIndex(index, out _));
    }

    private ApiResult List(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var counts = arguments.Switch("countCollection");
        if (arguments.AreWrong(out var refusal)) return refusal;

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
        var names = store.Catalogue.PublicCollections.ToList();
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
