using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Sources;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>What the mapping of a collection says about its fields. Immutable.</summary>
internal sealed class FieldMap
{
    private string _base = "";
    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);

    private readonly Dictionary<string, JsonElement> _nested = new(StringComparer.Ordinal);

    private FieldMap(bool isRoot)
    {
        if (!isRoot) return;

        Add("_id", "_id", FieldKind.Id);
        Add("_kuzzle_info.author", FieldKind.Keyword);
        Add("_kuzzle_info.updater", FieldKind.Keyword);
        Add("_kuzzle_info.createdAt", FieldKind.Date);
        Add("_kuzzle_info.updatedAt", FieldKind.Date);
    }

    public static FieldMap Of(JsonElement mapping)
    {
        var map = new FieldMap(isRoot: true);
        map.AddProperties(mapping, prefix: "", hidden: false);
        return map;
    }

    /// <summary>All fields that the mapping names.</summary>
    public IEnumerable<Field> All => _fields.Values;

    /// <summary>What a query within one element of a nested field sees, or null when the field is none. Names stay whole, paths begin at the element.</summary>
    public FieldMap? Nested(string path)
    {
        if (!_nested.TryGetValue(path, out var mapping)) return null;
        var map = new FieldMap(isRoot: false) { _base = $"{path}." };
        map.AddProperties(mapping, prefix: $"{path}.", hidden: false);
        return map;
    }

    /// <summary>The field of that name. One that the mapping does not know is searchable as it is, which is more than Kuzzle can do.</summary>
    public Field Resolve(string name) =>
        _fields.TryGetValue(name, out var field)
            ? field
            : new Field(name, PathOf(name), IsHidden(name) || !name.StartsWith(_base, StringComparison.Ordinal) ? FieldKind.Hidden : FieldKind.Any);

    /// <summary>The mapped fields whose names match a pattern, what Kuzzle itself adds left out.</summary>
    public IEnumerable<Field> Matching(PathPattern pattern) =>
        _fields.Values.Where(field => field.Kind != FieldKind.Hidden && !field.Name.StartsWith('_') && pattern.Matches(field.Name));

    private static FieldKind KindOf(string? type) => type switch
    {
        "keyword" or "constant_keyword" or "wildcard" => FieldKind.Keyword,
        "long" or "integer" or "short" or "byte" or "unsigned_long" => FieldKind.Number,
        "double" or "float" or "half_float" or "scaled_float" => FieldKind.Number,
        "boolean" => FieldKind.Boolean,
        "date" or "date_nanos" => FieldKind.Date,
        "geo_point" => FieldKind.Geo,
        "text" or "match_only_text" or "search_as_you_type" => FieldKind.Text,
        _ => FieldKind.Any,
    };

    private static string? TypeOf(JsonElement property) =>
        property.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private void AddProperties(JsonElement mapping, string prefix, bool hidden)
    {
        if (mapping.ValueKind != JsonValueKind.Object) return;
        if (!mapping.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return;

        foreach (var property in properties.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object) AddProperty(property.Value, prefix + property.Name, hidden);
        }
    }

    private void AddProperty(JsonElement property, string path, bool hidden)
    {
        var type = TypeOf(property);
        if (type is "nested" && !hidden) _nested[path] = property;
        hidden |= type is "nested";
        Add(path, hidden ? FieldKind.Hidden : KindOf(type));
        AddProperties(property, $"{path}.", hidden);
        if (!property.TryGetProperty("fields", out var variants) || variants.ValueKind != JsonValueKind.Object) return;

        // The same values, read in another way.
        foreach (var variant in variants.EnumerateObject())
        {
            if (variant.Value.ValueKind == JsonValueKind.Object)
            {
                Add($"{path}.{variant.Name}", path, hidden ? FieldKind.Hidden : KindOf(TypeOf(variant.Value)));
            }
        }
    }

    private void Add(string name, FieldKind kind) => Add(name, name, kind);

    private void Add(string name, string path, FieldKind kind) => _fields[name] = new Field(name, PathOf(path), kind);

    private byte[] PathOf(string path) => Encoding.UTF8.GetBytes(path.StartsWith(_base, StringComparison.Ordinal) ? path[_base.Length..] : path);

    private bool IsHidden(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (_fields.TryGetValue(name[..dot], out var parent)) return parent.Kind == FieldKind.Hidden;
        }

        return false;
    }
}
