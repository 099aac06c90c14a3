using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Mappings;

namespace Kuzzle.Edge.Api.Catalogues;

/// <summary>How collections come to be defined as they are.</summary>
internal static class CollectionDefinitions
{
    private static readonly JsonElement NoSettings = JsonElement.Parse("{}");

    /// <summary>Why there can be no collection of this name, or null.</summary>
    public static ApiError? FindNameFault(CollectionName name) =>
        !Names.IsValid(name.Index) ? StorageErrors.InvalidIndexName(name.Index)
        : name.Index == Names.Internal ? StorageErrors.IndexAlreadyExists("private", name.Index)
        : name.Collection == Names.ReservedCollection ? StorageErrors.CollectionReserved(name.Collection)
        : !Names.IsValid(name.Collection) ? StorageErrors.InvalidCollectionName(name.Collection)
        : null;

    /// <summary>Why a collection, which may exist, cannot get this mapping; or null.</summary>
    public static ApiError? FindFault(Catalogue catalogue, CollectionName name, JsonElement mapping) =>
        mapping.ValueKind != JsonValueKind.Object ? null
        : MappingRules.FindFault(mapping) is { } fault ? fault
        : catalogue.TryGetCollection(name, out var current) ? MappingRules.FindChangeFault(current.Mapping, mapping)
        : null;

    /// <summary>What a collection is after a change: of its mapping, of its settings, or of nothing (Undefined).</summary>
    public static CollectionDefinition Change(CollectionDefinition? current, JsonElement mapping, JsonElement settings)
    {
        var before = current ?? new CollectionDefinition(MappingRules.Empty, NoSettings);
        return new CollectionDefinition(
            mapping.ValueKind == JsonValueKind.Object ? MappingRules.Merge(before.Mapping, mapping) : before.Mapping,
            settings.ValueKind == JsonValueKind.Object ? settings.Clone() : before.Settings);
    }
}
