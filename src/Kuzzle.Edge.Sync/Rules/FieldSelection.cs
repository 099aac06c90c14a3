using System.Text.Json;

namespace Kuzzle.Edge.Sync.Rules;

/// <summary>Which fields of a document travel, by dotted paths: those of <c>include</c> (all when it is empty) without those of <c>exclude</c>. Metadata always do.</summary>
public sealed class FieldSelection(IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    private const string Metadata = "_kuzzle_info";

    /// <summary>True when every field travels.</summary>
    public bool IsEverything => include.Count == 0 && exclude.Count == 0;

    /// <summary>Writes the fields of a document that travel.</summary>
    public void Write(Utf8JsonWriter writer, JsonElement source) => Write(writer, source, path: "", isWanted: include.Count == 0);

    private void Write(Utf8JsonWriter writer, JsonElement source, string path, bool isWanted)
    {
        writer.WriteStartObject();
        foreach (var member in source.EnumerateObject())
        {
            var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var isMeant = isWanted || inner == Metadata || include.Contains(inner);
            if (inner != Metadata && exclude.Contains(inner)) continue;

            if (member.Value.ValueKind == JsonValueKind.Object && IsDivided(inner, isMeant))
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value, inner, isMeant);
            }
            else if (isMeant)
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Whether some of an object's fields travel and others do not.</summary>
    private bool IsDivided(string path, bool isMeant) => IsAbove(path, isMeant ? exclude : include);

    private static bool IsAbove(string path, IReadOnlyList<string> paths) =>
        paths.Any(other => other.Length > path.Length && other[path.Length] == '.' && other.StartsWith(path, StringComparison.Ordinal));
}
