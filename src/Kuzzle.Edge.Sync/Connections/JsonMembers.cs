using System.Text.Json;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>What others write may be of any kind.</summary>
internal static class JsonMembers
{
    /// <summary>A member that is a string; null when it is another thing, or this is no object.</summary>
    public static string? TextOf(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
