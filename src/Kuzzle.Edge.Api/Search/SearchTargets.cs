using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Search;

/// <summary>The argument <c>targets</c>: <c>[{index, collections: []}]</c>.</summary>
internal static class SearchTargets
{
    public static bool TryRead(JsonElement given, List<CollectionName> targets, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = given.ValueKind != JsonValueKind.Array ? AssertErrors.InvalidType("targets", "array")
            : given.GetArrayLength() == 0 ? AssertErrors.EmptyArgument("targets")
            : null;
        if (refusal is not null) return false;

        var position = 0;
        foreach (var target in given.EnumerateArray())
        {
            if (!TryReadOne(target, $"targets[{position++}]", targets, out refusal)) return false;
        }

        return true;
    }

    private static bool TryReadOne(JsonElement target, string path, List<CollectionName> targets, [NotNullWhen(false)] out ApiError? refusal)
    {
        if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty("index", out var index))
        {
            refusal = AssertErrors.MissingArgument($"{path}.index");
            return false;
        }

        if (!target.TryGetProperty("collections", out var collections))
        {
            refusal = AssertErrors.MissingArgument($"{path}.collections");
            return false;
        }

        refusal = index.ValueKind != JsonValueKind.String ? AssertErrors.InvalidType($"{path}.index", "string")
            : collections.ValueKind != JsonValueKind.Array ? AssertErrors.InvalidType($"{path}.collections", "array")
            : collections.GetArrayLength() == 0 ? AssertErrors.EmptyArgument($"{path}.collections")
            : SearchController.IsPattern(index.GetString()!) ? StorageErrors.InvalidTargetFormat($"{path}.index", index.GetString()!)
            : null;
        if (refusal is not null) return false;

        var position = 0;
        foreach (var collection in collections.EnumerateArray())
        {
            var at = $"{path}.collections[{position++}]";
            if (collection.ValueKind != JsonValueKind.String) refusal = AssertErrors.InvalidType(at, "string");
            else if (SearchController.IsPattern(collection.GetString()!)) refusal = StorageErrors.InvalidTargetFormat(at, collection.GetString()!);
            if (refusal is not null) return false;

            targets.Add(new CollectionName(index.GetString()!, collection.GetString()!));
        }

        return true;
    }
}
