using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>How the sources of documents are made of what clients send.</summary>
internal static class DocumentJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body, with this metadata instead of its own.</summary>
    public static ReadOnlyMemory<byte> Compose(JsonElement body, Metadata metadata) => Write(writer =>
    {
        WriteMembers(writer, body);
        metadata.WriteTo(writer);
    });

    /// <summary>The body as it is, its own metadata included.</summary>
    public static ReadOnlyMemory<byte> Verbatim(JsonElement body) => Write(writer =>
    {
        foreach (var (name, value) in MembersOf(body)) WriteMember(writer, name, value);
    });

    /// <summary>The source with the changes: objects are merged, everything else is replaced.</summary>
    public static ReadOnlyMemory<byte> Merge(JsonElement source, JsonElement changes, Metadata metadata) => Write(writer =>
    {
        MergeMembers(writer, source, changes, isRoot: true);
        metadata.WriteTo(writer);
    });

    /// <summary>The source with the changes, metadata like any other member.</summary>
    public static ReadOnlyMemory<byte> MergeVerbatim(JsonElement source, JsonElement changes) =>
        Write(writer => MergeMembers(writer, source, changes, isRoot: false));

    /// <summary>The source without these fields (dotted paths).</summary>
    public static ReadOnlyMemory<byte> Without(JsonElement source, IReadOnlySet<string> fields, Metadata metadata) => Write(writer =>
    {
        WriteWithout(writer, source, prefix: "", fields);
        metadata.WriteTo(writer);
    });

    /// <summary>The dotted paths of the leaves that the changes set; arrays are leaves.</summary>
    public static IEnumerable<string> LeavesOf(JsonElement changes, string prefix = "")
    {
        foreach (var (name, value) in MembersOf(changes))
        {
            if (prefix.Length == 0 && name == Metadata.Name) continue;

            var path = prefix + name;
            if (value.ValueKind != JsonValueKind.Object)
            {
                yield return path;
                continue;
            }

            foreach (var leaf in LeavesOf(value, path + ".")) yield return leaf;
        }
    }

    /// <summary>The members of an object; those of an array are named by their positions, as Kuzzle stores an array.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> MembersOf(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            var position = 0;
            foreach (var element in body.EnumerateArray()) yield return ((position++).ToString(CultureInfo.InvariantCulture), element);
        }
        else if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in body.EnumerateObject()) yield return (member.Name, member.Value);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement body)
    {
        foreach (var (name, value) in MembersOf(body))
        {
            if (name != Metadata.Name) WriteMember(writer, name, value);
        }
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static void MergeMembers(Utf8JsonWriter writer, JsonElement source, JsonElement changes, bool isRoot)
    {
        // A table, because looking a member up in an element walks through all of them: a merge of two large documents would hold the writer for a minute.
        var pending = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in MembersOf(changes))
        {
            if (!isRoot || name != Metadata.Name) pending.Add(name, value);
        }

        foreach (var member in source.EnumerateObject())
        {
            if (isRoot && member.NameEquals(Metadata.Name)) continue;

            writer.WritePropertyName(member.Name);
            if (!pending.Remove(member.Name, out var change)) member.Value.WriteTo(writer);
            else if (change.ValueKind == JsonValueKind.Object && member.Value.ValueKind == JsonValueKind.Object) WriteMerged(writer, member.Value, change);
            else change.WriteTo(writer);
        }

        foreach (var (name, value) in MembersOf(changes))
        {
            if (pending.ContainsKey(name)) WriteMember(writer, name, value);
        }
    }

    private static void WriteMerged(Utf8JsonWriter writer, JsonElement source, JsonElement changes)
    {
        writer.WriteStartObject();
        MergeMembers(writer, source, changes, isRoot: false);
        writer.WriteEndObject();
    }

    private static void WriteWithout(Utf8JsonWriter writer, JsonElement source, string prefix, IReadOnlySet<string> fields)
    {
        foreach (var member in source.EnumerateObject())
        {
            var path = prefix + member.Name;
            if (fields.Contains(path) || path == Metadata.Name) continue;

            writer.WritePropertyName(member.Name);
            if (member.Value.ValueKind != JsonValueKind.Object)
            {
                member.Value.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject();
            WriteWithout(writer, member.Value, path + ".", fields);
            writer.WriteEndObject();
        }
    }
}
