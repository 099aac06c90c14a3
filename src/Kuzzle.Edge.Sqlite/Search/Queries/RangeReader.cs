using System.Collections.Frozen;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Reads the ends of a <c>range</c>.</summary>
internal sealed class RangeReader(Field field, ValueReader values)
{
    /// <summary>Those whose dates are read without being told.</summary>
    private static readonly FrozenSet<string> Formats = FrozenSet.Create(
        "strict_date_optional_time", "date_optional_time", "strict_date_time", "date_time", "strict_date", "date", "yyyy-MM-dd", "epoch_millis");

    public ValueTest Read(JsonElement bounds)
    {
        Bound? lower = null;
        Bound? upper = null;
        foreach (var member in bounds.EnumerateObject())
        {
            switch (member.Name)
            {
                case "gt" or "gte":
                    lower = End(member.Value, inclusive: member.Name.Length == 3, toLast: member.Name.Length == 2);
                    break;
                case "lt" or "lte":
                    upper = End(member.Value, inclusive: member.Name.Length == 3, toLast: member.Name.Length == 3);
                    break;
                case "format":
                    CheckFormat(member.Value);
                    break;
                case "boost" or "_name" or "time_zone" or "relation":
                    break;
                default:
                    throw SearchRefusedException.BadRequest($"[range] query does not support [{member.Name}]");
            }
        }

        return lower is null && upper is null ? new AnyValue() : new InRange(lower, upper);
    }

    private static void CheckFormat(JsonElement format)
    {
        var names = format.ValueKind == JsonValueKind.String ? format.GetString()!.Split("||") : [""];
        foreach (var name in names)
        {
            if (Formats.Contains(name)) continue;
            throw SearchRefusedException.BadRequest($"[range] format [{name}] is not supported; use strict_date_optional_time or epoch_millis");
        }
    }

    private Bound? End(JsonElement value, bool inclusive, bool toLast)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        return new Bound(field.Kind == FieldKind.Date ? values.ReadDate(value, field, toLast) : values.Read(value, field), inclusive);
    }
}
