using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Catalogues;

/// <summary>The controller <c>collection</c>.</summary>
internal sealed class CollectionController(DocumentWriter documents, RealtimeEngine realtime)
{
    private static readonly Deprecation BareMapping = new("2.1.0", "Send the mapping as the member \"mappings\" of the body.");

    private IDocumentStore Store => documents.Store;

    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("create", CreateAsync),
        new("update", UpdateAsync),
        new("updateMapping", UpdateMappingAsync),
        new("delete", DeleteAsync),
        new("truncate", TruncateAsync),
        new("list", Controller.AtOnce(List)),
        new("exists", Controller.AtOnce(Exists)),
        new("getMapping", Controller.AtOnce(GetMapping)),
        new("getSettings", Controller.AtOnce(GetSettings)),
        new("refresh", Controller.AtOnce(Refresh)),
    ];

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)) return refusal;
        if (CollectionDefinitions.FindNameFault(name) is { } unfit) return unfit;
        if (!TryReadDefinition(request, name, out var mapping, out var settings, out refusal)) return refusal;

        await Store.DefineCollectionAsync(name, current => CollectionDefinitions.Change(current, mapping, settings), cancellationToken);
        return ApiResult.Ok(new JsonObject { ["acknowledged"] = true }, IsBareMapping(request.Body) ? BareMapping : null);
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!documents.TryGetCollection(request, out var name, out _, out var refusal)
            || !TryReadDefinition(request, name, out var mapping, out var settings, out refusal))
        {
            return refusal;
        }

        await Store.DefineCollectionAsync(name, current => CollectionDefinitions.Change(current, mapping, settings), cancellationToken);
        return ApiResult.Ok(null);
    }

    private async ValueTask<ApiResult> UpdateMappingAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!documents.TryGetCollection(request, out var name, out _, out var refusal) || !request.TryGetBodyObject(out var body, out refusal)) return refusal;
        if (CollectionDefinitions.FindFault(Store.Catalogue, name, body) is { } fault) return fault;

        await Store.DefineCollectionAsync(name, current => CollectionDefinitions.Change(current, body, default), cancellationToken);
        return documents.TryGetCollection(name, out var definition, out refusal) ? ApiResult.Ok(Show(definition, withMetadata: true)) : refusal;
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!documents.TryGetCollection(request, out var name, out _, out var refusal)) return refusal;
        return await Store.DeleteCollectionAsync(name, cancellationToken) ? ApiResult.Ok(null) : StorageErrors.UnknownCollection(name);
    }

    private async ValueTask<ApiResult> TruncateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!documents.TryGetCollection(request, out var name, out _, out var refusal)) return refusal;
        return await Store.TruncateAsync(name, cancellationToken)
            ? ApiResult.Ok(new JsonObject { ["acknowledged"] = true })
            : StorageErrors.UnknownCollection(name);
    }

    private ApiResult List(ApiRequest request)
    {
        if (string.IsNullOrEmpty(request.Index)) return AssertErrors.MissingArgument("index");
        if (!request.TryGetText("type", "all", out var type, out var refusal)
            || !request.TryGetInteger("from", 0, out var from, out refusal)
            || !request.TryGetInteger("size", 0, out var size, out refusal))
        {
            return refusal;
        }

        if (type is not ("all" or "stored" or "realtime")) return AssertErrors.InvalidListType(type, "\"all\", \"stored\", \"realtime\"");

        var isIndex = Store.Catalogue.TryGetPublicIndex(request.Index, out var index);
        if (!isIndex && type != "realtime") return StorageErrors.UnknownIndex(request.Index);

        IReadOnlyList<string> stored = index?.CollectionNames ?? [];
        var found = new List<(string Name, string Type)>();
        if (type != "realtime") found.AddRange(stored.Select(name => (name, "stored")));
        if (type != "stored") found.AddRange(realtime.CollectionsOf(request.Index).Where(name => type == "realtime" || !stored.Contains(name)).Select(name => (name, "realtime")));

        var page = found.OrderBy(entry => entry.Name, StringComparer.Ordinal).Skip(Math.Max(0, from));
        if (size > 0) page = page.Take(size);
        var answer = new JsonObject
        {
            ["collections"] = new JsonArray([.. page.Select(entry => new JsonObject { ["name"] = entry.Name, ["type"] = entry.Type })]),
            ["type"] = type,
        };
        if (from != 0) answer["from"] = from;
        if (size != 0) answer["size"] = size;
        return ApiResult.Ok(answer);
    }

    private ApiResult Exists(ApiRequest request) =>
        request.TryGetCollection(out var name, out var refusal) ? ApiResult.Ok(name.Index != InternalIndex.Name && Store.Catalogue.TryGetCollection(name, out _)) : refusal;

    private ApiResult GetMapping(ApiRequest request)
    {
        if (!documents.TryGetCollection(request, out _, out var definition, out var refusal)
            || !request.TryGetSwitch("includeKuzzleMeta", out var withMetadata, out refusal))
        {
            return refusal;
        }

        return ApiResult.Ok(Show(definition, withMetadata));
    }

    // Settings are Elasticsearch's: kept and shown as they were sent, without effect. What is the store's own stands beside them.
    private ApiResult GetSettings(ApiRequest request)
    {
        if (!documents.TryGetCollection(request, out var name, out var definition, out var refusal)) return refusal;
        var settings = JsonObject.Create(definition.Settings)!.DeepClone().AsObject();
        var indexes = Store.IndexesOf(name);
        if (indexes.Count > 0) settings["edge"] = new JsonObject { ["indexes"] = new JsonArray([.. indexes.Select(Show)]) };
        return ApiResult.Ok(settings);
    }

    private static JsonObject Show(FieldIndexState index)
    {
        var shown = new JsonObject { ["field"] = index.Field, ["kind"] = index.Kind, ["state"] = index.IsReady ? "ready" : index.Failure is null ? "building" : "failed" };
        if (index.Failure is not { } failure) return shown;

        shown["reason"] = failure.Reason;
        shown["retryAt"] = failure.RetryAt.ToUnixTimeMilliseconds();
        return shown;
    }

    // Everything here is visible at once; there is nothing to refresh.
    private ApiResult Refresh(ApiRequest request) => documents.TryGetCollection(request, out _, out _, out var refusal) ? ApiResult.Ok(null) : refusal;

    private static JsonObject Show(CollectionDefinition definition, bool withMetadata)
    {
        var mapping = JsonObject.Create(definition.Mapping)!.DeepClone().AsObject();
        var shown = new JsonObject();
        if (mapping["_meta"] is { } meta) shown["_meta"] = meta.DeepClone();
        shown["dynamic"] = mapping["dynamic"]?.DeepClone() ?? "false";
        var properties = mapping["properties"]?.DeepClone().AsObject() ?? [];
        if (withMetadata)
        {
            properties[Metadata.Name] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["author"] = new JsonObject { ["type"] = "keyword" },
                    ["createdAt"] = new JsonObject { ["type"] = "date" },
                    ["updater"] = new JsonObject { ["type"] = "keyword" },
                    ["updatedAt"] = new JsonObject { ["type"] = "date" },
                },
            };
        }

        shown["properties"] = properties;
        return shown;
    }

    private static bool IsBareMapping(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && (body.TryGetProperty("properties", out _) || body.TryGetProperty("dynamic", out _) || body.TryGetProperty("_meta", out _));

    /// <summary>The body is <c>{mappings?, settings?}</c>, or in the older form the mapping itself.</summary>
    private bool TryReadDefinition(
        ApiRequest request, CollectionName name, out JsonElement mapping, out JsonElement settings, [NotNullWhen(false)] out ApiError? refusal)
    {
        mapping = default;
        settings = default;
        refusal = null;
        var body = request.Body;
        if (body.ValueKind != JsonValueKind.Object) return true;

        if (IsBareMapping(body)) mapping = body;
        else if (body.TryGetProperty("mappings", out var given)) mapping = given;
        if (body.TryGetProperty("settings", out var set)) settings = set;

        if (settings.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object)) refusal = AssertErrors.InvalidType("body.settings", "object");
        else if (mapping.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) mapping = default;
        else if (mapping.ValueKind != JsonValueKind.Object) refusal = AssertErrors.InvalidType("body.mappings", "object");
        else refusal = CollectionDefinitions.FindFault(Store.Catalogue, name, mapping);
        return refusal is null;
    }
}
