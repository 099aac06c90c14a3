using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Geography;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Sorting;

/// <summary>Reads <c>sort</c>: a name, <c>{name: order}</c>, <c>{name: {order, missing, mode}}</c>, or a list of these.</summary>
internal static class SortParser
{
    /// <summary>More keys than anybody sorts by; each costs a look into every document.</summary>
    private const int MaxKeys = 32;

    public static List<SortEntry> Parse(JsonElement sort)
    {
        var keys = new List<SortEntry>();
        if (sort.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return keys;
        if (sort.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in sort.EnumerateArray()) ParseEntry(entry, keys);
        }
        else
        {
            ParseEntry(sort, keys);
        }

        return keys.Count <= MaxKeys ? keys : throw SearchRefusedException.BadRequest($"[sort] takes at most {MaxKeys} keys");
    }

    private static void ParseEntry(JsonElement entry, List<SortEntry> keys)
    {
        if (entry.ValueKind == JsonValueKind.String)
        {
            keys.Add(KeyOf(entry.GetString()!, order: null));
            return;
        }

        if (entry.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[sort] must be a field's name, an object, or a list of these");
        foreach (var member in entry.EnumerateObject()) keys.Add(ParseKey(member));
    }

    private static SortEntry ParseKey(JsonProperty member)
    {
        if (member.Name is "_geo_distance") return ParseDistance(member.Value);
        if (member.Name is "_script") throw SearchRefusedException.UnknownKeyword(member.Name);
        if (member.Value.ValueKind == JsonValueKind.String) return KeyOf(member.Name, member.Value);
        if (member.Value.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest($"[sort] on [{member.Name}] must be an order or an object");

        var key = KeyOf(member.Name, member.Value.TryGetProperty("order", out var order) ? order : null);
        foreach (var option in member.Value.EnumerateObject())
        {
            key = option.Name switch
            {
                "order" or "unmapped_type" or "format" or "numeric_type" => key,
                "mode" => key with { Mode = ModeOf(option.Value) },
                "missing" when option.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array =>
                    throw SearchRefusedException.BadRequest($"[sort] missing of [{member.Name}] must be a value"),
                "missing" when Is(option.Value, "_first") => key with { MissingFirst = true },
                "missing" when Is(option.Value, "_last") => key,
                "missing" => key with { Missing = option.Value },
                "nested" or "nested_path" or "nested_filter" => throw SearchRefusedException.UnknownKeyword(option.Name),
                _ => throw SearchRefusedException.BadRequest($"[sort] on [{member.Name}] does not support [{option.Name}]"),
            };
        }

        return key;
    }

    private static SortEntry ParseDistance(JsonElement content)
    {
        const string clause = "_geo_distance";
        if (content.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[_geo_distance] must be an object");
        var entry = KeyOf("", content.TryGetProperty("order", out var order) ? order : null);
        var unit = 1.0;
        List<GeoPosition> points = [];
        foreach (var member in content.EnumerateObject())
        {
            switch (member.Name)
            {
                case "order" or "distance_type" or "ignore_unmapped" or "validation_method":
                    break;
                case "mode" when ModeOf(member.Value) is not SortMode.Sum and var mode:
                    entry = entry with { Mode = mode };
                    break;
                case "unit":
                    unit = GeoQueryReader.Unit(member.Value, clause);
                    break;
                case var name when entry.Field.Length == 0 && name is not ("mode" or "nested" or "nested_path" or "nested_filter"):
                    entry = entry with { Field = name };
                    var isList = member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0 && member.Value[0].ValueKind != JsonValueKind.Number;
                    points = isList
                        ? [.. member.Value.EnumerateArray().Select(static point => GeoQueryReader.Point(point, clause))]
                        : [GeoQueryReader.Point(member.Value, clause)];
                    break;
                default:
                    throw SearchRefusedException.BadRequest($"[_geo_distance] does not support [{member.Name}]");
            }
        }

        return points.Count > 0
            ? entry with { Origin = new DistanceOrigin(points, unit) }
            : throw SearchRefusedException.BadRequest("[_geo_distance] requires a field with a point");
    }

    private static SortEntry KeyOf(string field, JsonElement? order)
    {
        var direction = order is { } given ? OrderOf(given) : field is "_score" ? SortOrder.Descending : SortOrder.Ascending;
        var mode = direction == SortOrder.Ascending ? SortMode.Smallest : SortMode.Largest;
        return new SortEntry(field, direction, mode, MissingFirst: false, Missing: default);
    }

    private static SortOrder OrderOf(JsonElement order)
    {
        var name = order.ValueKind == JsonValueKind.String ? order.GetString() : null;
        if (string.Equals(name, "asc", StringComparison.OrdinalIgnoreCase)) return SortOrder.Ascending;
        if (string.Equals(name, "desc", StringComparison.OrdinalIgnoreCase)) return SortOrder.Descending;
        throw SearchRefusedException.BadRequest($"[sort] order must be \"asc\" or \"desc\", not {order.GetRawText()}");
    }

    private static SortMode ModeOf(JsonElement mode)
    {
        if (Is(mode, "min")) return SortMode.Smallest;
        if (Is(mode, "max")) return SortMode.Largest;
        if (Is(mode, "sum")) return SortMode.Sum;
        if (Is(mode, "avg")) return SortMode.Average;
        if (Is(mode, "median")) return SortMode.Median;
        throw SearchRefusedException.BadRequest($"[sort] mode must be \"min\", \"max\", \"sum\", \"avg\" or \"median\", not {mode.GetRawText()}");
    }

    private static bool Is(JsonElement value, string word) => value.ValueKind == JsonValueKind.String && value.ValueEquals(word);
}
