using System.Text.Json;
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
        if (member.Name is "_geo_distance" or "_script") throw SearchRefusedException.UnknownKeyword(member.Name);
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
        throw SearchRefusedException.BadRequest($"[sort] mode must be \"min\" or \"max\", not {mode.GetRawText()}");
    }

    private static bool Is(JsonElement value, string word) => value.ValueKind == JsonValueKind.String && value.ValueEquals(word);
}
