using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Takes the members of one aggregation one after the other, so that what nobody took is told.</summary>
/// <exception cref="SearchRefusedException">From every method, when a member is of the wrong type.</exception>
internal sealed class AggregationOptions
{
    private readonly JsonElement _content;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public AggregationOptions(string name, string type, JsonElement content)
    {
        Name = name;
        Type = type;
        _content = content.ValueKind == JsonValueKind.Object ? content : throw SearchRefusedException.BadRequest($"[{type}] of [{name}] must be an object");
    }

    public string Name { get; }

    public string Type { get; }

    public JsonElement? Take(string member)
    {
        _taken.Add(member);
        return _content.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public string? Text(string member) => Take(member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw SearchRefusedException.BadRequest($"[{Type}] [{member}] must be a text"),
    };

    public double? Number(string member) => Take(member) is { } value ? ValueReader.Real(value, member) : null;

    public long? Whole(string member, long least, long most)
    {
        if (Take(member) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= least && whole <= most
            ? whole
            : throw SearchRefusedException.BadRequest($"[{Type}] [{member}] must be a whole number of at least {least}");
    }

    public bool? Flag(string member) => Take(member) is { } value ? ValueReader.Boolean(value, member) : null;

    public List<double>? Numbers(string member)
    {
        if (Take(member) is not { } list) return null;
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= 1000
            ? [.. list.EnumerateArray().Select(value => ValueReader.Real(value, member))]
            : throw SearchRefusedException.BadRequest($"[{Type}] [{member}] must be a list of numbers");
    }

    public void CheckAllRead()
    {
        if (Type is "filter") return;
        foreach (var member in _content.EnumerateObject())
        {
            if (!_taken.Contains(member.Name)) throw SearchRefusedException.BadRequest($"[{Type}] unknown field [{member.Name}]");
        }
    }
}
