using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Catalogues;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Imports;
using Kuzzle.Edge.Api.Memory;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Administration;

/// <summary>The actions of <c>admin</c> on what is stored and on the process.</summary>
internal sealed class AdminController(DocumentWriter documents, MemoryStorage memory, ExclusiveActions exclusive, IAppliance? appliance)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("loadMappings", LoadMappingsAsync),
        new("loadFixtures", LoadFixturesAsync),
        new("resetDatabase", exclusive.Once("resetDatabase", ResetDatabaseAsync)),
        new("resetCache", Controller.AtOnce(ResetCache)),

        // There is no cache of the catalogue: it is the catalogue.
        new("refreshIndexCache", Controller.AtOnce(_ => ApiResult.Ok(null))),
        .. appliance is null ? [] : OfTheProcess(appliance),
    ];

    private IEnumerable<KeyValuePair<string, ActionHandler>> OfTheProcess(IAppliance process) =>
    [
        new("shutdown", exclusive.Once("shutdown", Controller.AtOnce(_ =>
        {
            process.Stop();
            return Acknowledged();
        }))),
    ];

    private static ApiResult Acknowledged() => ApiResult.Ok(new JsonObject { ["acknowledge"] = true });

    /// <summary>All mappings are checked before the first is stored.</summary>
    private async ValueTask<ApiResult> LoadMappingsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var body = arguments.BodyObject();
        if (arguments.AreWrong(out var refusal) || !TryReadCollections(body, JsonValueKind.Object, out var mappings, out refusal)) return refusal;

        foreach (var (name, mapping) in mappings)
        {
            if (CollectionDefinitions.FindNameFault(name) is { } unfit) return unfit;
            if (CollectionDefinitions.FindFault(documents.Store.Catalogue, name, mapping) is { } fault) return fault;
        }

        foreach (var (name, mapping) in mappings)
        {
            await documents.Store.DefineCollectionAsync(name, current => CollectionDefinitions.Change(current, mapping, default), cancellationToken);
        }

        return Acknowledged();
    }

    /// <summary>All collections must exist before the first document is stored.</summary>
    private async ValueTask<ApiResult> LoadFixturesAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var body = arguments.BodyObject();
        if (arguments.AreWrong(out var refusal) || !TryReadCollections(body, JsonValueKind.Array, out var fixtures, out refusal)) return refusal;

        var imports = new List<(CollectionName Name, CollectionDefinition Definition, List<ImportLines.Item> Items)>();
        foreach (var (name, lines) in fixtures)
        {
            if (!documents.TryGetCollection(name, out var definition, out refusal) || !ImportLines.TryRead(lines, out var items, out refusal)) return refusal;
            imports.Add((name, definition, items));
        }

        var errors = new JsonArray();
        foreach (var (name, definition, items) in imports)
        {
            var import = new Import(documents, request, name, definition);
            if (await import.StoreAsync(items, cancellationToken) is { } fault) return fault;
            foreach (var error in import.Errors()) errors.Add(error!.DeepClone());
        }

        return errors.Count > 0 ? StorageErrors.ImportFailed(errors) : ApiResult.Ok(null);
    }

    private async ValueTask<ApiResult> ResetDatabaseAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        await documents.Store.DeleteIndexesAsync([.. documents.Store.Catalogue.PublicIndexes.Select(index => index.Name)], cancellationToken);
        return Acknowledged();
    }

    private ApiResult ResetCache(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var database = arguments.Text("database", "");
        if (database.Length == 0) arguments.Refuse(AssertErrors.MissingArgument("database"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        switch (database)
        {
            case "memoryStorage":
                memory.Clear();
                return Acknowledged();
            case "internalCache": // What it held in Kuzzle is stored here, and nothing of it may be lost.
                return Acknowledged();
            default:
                return CacheErrors.DatabaseNotFound(database);
        }
    }

    /// <summary><c>{index: {collection: …}}</c>.</summary>
    private static bool TryReadCollections(
        JsonElement body, JsonValueKind kind, out List<(CollectionName Name, JsonElement Content)> collections, [NotNullWhen(false)] out ApiError? refusal)
    {
        collections = [];
        refusal = null;
        foreach (var index in body.EnumerateObject())
        {
            if (index.Value.ValueKind != JsonValueKind.Object)
            {
                refusal = AssertErrors.InvalidArgument($"body.{index.Name}", "object");
                return false;
            }

            foreach (var collection in index.Value.EnumerateObject())
            {
                if (collection.Value.ValueKind != kind)
                {
                    refusal = AssertErrors.InvalidArgument($"body.{index.Name}.{collection.Name}", kind == JsonValueKind.Object ? "object" : "array");
                    return false;
                }

                collections.Add((new CollectionName(index.Name, collection.Name), collection.Value));
            }
        }

        return true;
    }
}
