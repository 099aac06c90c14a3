using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Sqlite.Search.Sources;

/// <summary>Which parts of a document a search shows: <c>_source</c>. A name stands for all that is below it, and <c>*</c> for any letters.</summary>
internal sealed class SourceFilter
{
    /// <summary>More patterns than anybody writes; each is tried on each member of each hit.</summary>
    private const int MaxPatterns = 256;

    private readonly List<PathPattern> _includes;
    private readonly List<PathPattern> _excludes;
    private readonly bool _hidesAll;

    private SourceFilter(List<PathPattern> includes, List<PathPattern> excludes, bool hidesAll)
    {
        _includes = includes;
        _excludes = excludes;
        _hidesAll = hidesAll;
    }

    /// <summary>The filter of a search body, or null when it shows everything.</summary>
    public static SourceFilter? Of(JsonElement body)
    {
        var includes = new List<PathPattern>();
        var excludes = new List<PathPattern>();
        var hidesAll = false;
        if (body.TryGetProperty("_source", out var source)) hidesAll = ReadSource(source, includes, excludes);
        if (body.TryGetProperty("_source_includes", out var more)) Read(more, "_source_includes", includes);
        if (body.TryGetProperty("_source_excludes", out var less)) Read(less, "_source_excludes", excludes);
        return hidesAll || includes.Count + excludes.Count > 0 ? new SourceFilter(includes, excludes, hidesAll) : null;
    }

    /// <summary>The filter of a <c>_source</c> by itself, or null when it shows everything.</summary>
    public static SourceFilter? OfSource(JsonElement source)
    {
        var includes = new List<PathPattern>();
        var excludes = new List<PathPattern>();
        var hidesAll = ReadSource(source, includes, excludes);
        return hidesAll || includes.Count + excludes.Count > 0 ? new SourceFilter(includes, excludes, hidesAll) : null;
    }

    /// <summary>What is left of a document.</summary>
    public JsonObject Apply(JsonElement source) => _hidesAll ? [] : FilterObject(source, path: "", included: _includes.Count == 0);

    private static bool ReadSource(JsonElement source, List<PathPattern> includes, List<PathPattern> excludes)
    {
        switch (source.ValueKind)
        {
            case JsonValueKind.False:
                return true;
            case JsonValueKind.True or JsonValueKind.Null:
                return false;
            case JsonValueKind.Object:
                foreach (var member in source.EnumerateObject())
                {
                    if (member.Name is "includes" or "include") Read(member.Value, member.Name, includes);
                    else if (member.Name is "excludes" or "exclude") Read(member.Value, member.Name, excludes);
                    else throw SearchRefusedException.BadRequest($"[_source] does not support [{member.Name}]");
                }

                return false;
            default:
                Read(source, "_source", includes);
                return false;
        }
    }

    private static void Read(JsonElement patterns, string name, List<PathPattern> into)
    {
        if (patterns.ValueKind == JsonValueKind.String) into.Add(new PathPattern(patterns.GetString()!));
        else if (patterns.ValueKind == JsonValueKind.Array) into.AddRange(patterns.EnumerateArray().Select(pattern => PatternOf(pattern, name)));
        else throw SearchRefusedException.BadRequest($"[{name}] must be a field's name or a list of them");
        if (into.Count > MaxPatterns) throw SearchRefusedException.BadRequest($"[{name}] takes at most {MaxPatterns} names");
    }

    private static PathPattern PatternOf(JsonElement pattern, string name) => pattern.ValueKind == JsonValueKind.String
        ? new PathPattern(pattern.GetString()!)
        : throw SearchRefusedException.BadRequest($"[{name}] must be a field's name or a list of them");

    private JsonObject FilterObject(JsonElement source, string path, bool included)
    {
        var left = new JsonObject();
        foreach (var member in source.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (_excludes.Exists(pattern => pattern.Matches(name))) continue;
            if (Filter(member.Value, name, included || _includes.Exists(pattern => pattern.Matches(name)), out var kept)) left[member.Name] = kept;
        }

        return left;
    }

    /// <summary>False when nothing of it is to be seen.</summary>
    private bool Filter(JsonElement value, string path, bool included, out JsonNode? kept)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var part = FilterObject(value, path, included);
                kept = part;
                return part.Count > 0 || included;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in value.EnumerateArray())
                {
                    if (Filter(item, path, included, out var keptItem)) items.Add(keptItem);
                }

                kept = items;
                return items.Count > 0 || included;
            case JsonValueKind.Null:
                kept = null;
                return included;
            default:
                kept = JsonValue.Create(value);
                return included;
        }
    }
}
