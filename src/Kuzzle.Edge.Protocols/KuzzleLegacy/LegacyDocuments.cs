using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>The controllers <c>write</c> and <c>read</c>.</summary>
internal sealed class LegacyDocuments(LegacyApi api)
{
    /// <summary>The metadata of Kuzzle 2, which clients of 2015 do not know.</summary>
    private const string Metadata = "_kuzzle_info";

    public async ValueTask<LegacyAnswer> CreateAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (!request.Persist) return await PublishAsync(request, cancellationToken);
        if (IsEmpty(request.Body)) return LegacyAnswer.Fail("A document to create needs a body with at least one member.");

        return Whole(request, await api.WriteAsync(request, "document", "create", request.Body, cancellationToken));
    }

    /// <summary>A message that is not stored.</summary>
    public async ValueTask<LegacyAnswer> PublishAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (IsEmpty(request.Body)) return LegacyAnswer.Fail("A message needs a body with at least one member.");

        var response = await api.RunAsync(request with { Id = null }, "realtime", "publish", request.Body, cancellationToken);
        return response.Error is { } error ? error : LegacyAnswer.Silence;
    }

    public async ValueTask<LegacyAnswer> CreateOrUpdateAsync(LegacyRequest request, CancellationToken cancellationToken) =>
        Whole(request, await api.WriteAsync(request, "document", "createOrReplace", request.Body, cancellationToken));

    public async ValueTask<LegacyAnswer> ReplaceAsync(LegacyRequest request, CancellationToken cancellationToken) =>
        Whole(request, await api.RunAsync(request, "document", "replace", request.Body, cancellationToken));

    public async ValueTask<LegacyAnswer> UpdateAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        var response = await api.RunAsync(request, "document", "update", request.Body, cancellationToken);
        return response.Error is { } error ? error : LegacyAnswer.Of(request, new JsonObject { ["_id"] = request.Id, ["_source"] = BodyOf(request) });
    }

    public async ValueTask<LegacyAnswer> DeleteAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        var response = await api.RunAsync(request, "document", "delete", body: default, cancellationToken);
        return response.Error is { } error ? error : LegacyAnswer.Of(request, new JsonObject { ["_id"] = request.Id, ["_source"] = QueryOf(request) });
    }

    public async ValueTask<LegacyAnswer> DeleteByQueryAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (!LegacyQuery.TryRead(request.Body, out var query, out var fault)) return LegacyAnswer.Fail(fault);

        var response = await api.RunAsync(request, "document", "deleteByQuery", query.QueryAlone, cancellationToken);
        if (response.Error is { } error && !LegacyApi.IsWithoutCollection(response)) return error;

        return LegacyAnswer.Of(request, new JsonObject { ["_source"] = BodyOf(request), ["ids"] = response.Result?["ids"]?.DeepClone() ?? new JsonArray() });
    }

    public async ValueTask<LegacyAnswer> GetAsync(LegacyRequest request, CancellationToken cancellationToken) =>
        Whole(request, await api.RunAsync(request, "document", "get", body: default, cancellationToken));

    public async ValueTask<LegacyAnswer> SearchAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (!LegacyQuery.TryRead(request.Body, out var query, out var fault)) return LegacyAnswer.Fail(fault);

        var response = await api.RunAsync(request, request.Connection, "document", "search", query.Search, query.Page, cancellationToken);
        if (response.Error is { } error && !LegacyApi.IsWithoutCollection(response)) return error;

        var hits = new JsonArray();
        foreach (var hit in response.Result?["hits"]?.AsArray() ?? []) hits.Add((JsonNode)DocumentOf(hit!));
        var found = new JsonObject { ["hits"] = hits, ["total"] = response.Result?["total"]?.DeepClone() ?? 0 };
        var result = new JsonObject { ["_source"] = BodyOf(request), ["hits"] = found };
        if (response.Result?["aggregations"] is { } aggregations) result["aggregations"] = aggregations.DeepClone();
        return LegacyAnswer.Of(request, result);
    }

    public async ValueTask<LegacyAnswer> CountAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (!LegacyQuery.TryRead(request.Body, out var query, out var fault)) return LegacyAnswer.Fail(fault);

        var response = await api.RunAsync(request, "document", "count", query.QueryAlone, cancellationToken);
        if (response.Error is { } error && !LegacyApi.IsWithoutCollection(response)) return error;

        return LegacyAnswer.Of(request, new JsonObject { ["count"] = response.Result?["count"]?.DeepClone() ?? 0, ["_source"] = BodyOf(request) });
    }

    /// <summary>A query of which nothing is left but its address, as deletions and the like are answered.</summary>
    public static JsonObject QueryOf(LegacyRequest request) => new()
    {
        ["action"] = request.Topic.Action,
        ["collection"] = request.Topic.Collection,
        ["controller"] = request.Topic.Controller,
    };

    /// <summary>The body as the client sent it, which answers give back.</summary>
    public static JsonNode BodyOf(LegacyRequest request) => LegacyJson.NodeOf(request.Body) ?? new JsonObject();

    /// <summary>A document as clients of 2015 know it.</summary>
    public static JsonNode? WithoutMetadata(JsonNode? source)
    {
        var copy = source?.DeepClone();
        if (copy is JsonObject document) document.Remove(Metadata);
        return copy;
    }

    private static LegacyAnswer Whole(LegacyRequest request, ApiResponse response) =>
        response.Error is { } error ? error : LegacyAnswer.Of(request, DocumentOf(response.Result!));

    private static JsonObject DocumentOf(JsonNode document) => new() { ["_id"] = document["_id"]!.DeepClone(), ["_source"] = WithoutMetadata(document["_source"]) };

    private static bool IsEmpty(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object => body.GetPropertyCount() == 0,
        JsonValueKind.Array => body.GetArrayLength() == 0,
        _ => true,
    };
}
