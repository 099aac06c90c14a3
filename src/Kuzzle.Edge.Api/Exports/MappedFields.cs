using System.Text.Json;

namespace Kuzzle.Edge.Api.Exports;

/// <summary>The fields that a mapping names: the columns of an export that asks for none.</summary>
internal static class MappedFields
{
    /// <summary>Their paths, with dots, in the mapping's order.</summary>
    public static IEnumerable<string> Of(JsonElement mapping) => Of(mapping, prefix: "");

    private static IEnumerable<string> Of(JsonElement level, string prefix)
    {
        if (level.ValueKind != JsonValueKind.Object || !level.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) yield break;

        foreach (var field in properties.EnumerateObject())
        {
            var hasFields = field.Value.ValueKind == JsonValueKind.Object && field.Value.TryGetProperty("properties", out _);
            if (!hasFields) yield return prefix + field.Name;
            else foreach (var inner in Of(field.Value, $"{prefix}{field.Name}.")) yield return inner;
        }
    }
}
