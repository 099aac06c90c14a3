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
}
