using System.Text.Json;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Reads <c>collapse</c>: one hit for each value of a field.</summary>
internal static class CollapseField
{
    /// <exception cref="SearchRefusedException">It is wrong, or asks for what this store cannot do.</exception>
    public static string Read(JsonElement collapse)
    {
        if (collapse.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[collapse] must be an object");
        foreach (var member in collapse.EnumerateObject())
        {
            if (member.Name is not ("field" or "max_concurrent_group_searches")) throw SearchRefusedException.BadRequest($"this store does not support [{member.Name}] in [collapse]");
        }

        return collapse.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.String
            ? field.GetString()!
            : throw SearchRefusedException.BadRequest("[collapse] requires [field]");
    }
}
