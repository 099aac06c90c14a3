using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Dates;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Reads the values of a query as the field that they are compared with reads its own.</summary>
internal sealed class ValueReader(DateMath dates)
{
    public static double Real(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var real) && double.IsFinite(real)
            ? real
            : throw SearchRefusedException.BadRequest($"[{name}] must be a number");

    public static bool Boolean(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when BooleanText.TryParse(Encoding.UTF8.GetBytes(value.GetString()!), out var read) => read,
        _ => throw SearchRefusedException.BadRequest($"[{name}] must be true or false"),
    };

    /// <summary>A scalar as text.</summary>
    public static string Text(JsonElement value, Field field) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw SearchRefusedException.BadRequest($"a value for [{field.Name}] must be a string, a number or a boolean"),
    };

    /// <summary>An offset (<c>+01:00</c>), or the name of a time zone that this machine knows.</summary>
    public static TimeZoneInfo Zone(JsonElement value)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (name is "Z" or "UTC") return TimeZoneInfo.Utc;
        if (DateText.TryRead($"2000-01-01T00:00{name}", out var parts) && parts.OffsetMinutes is { } minutes && Math.Abs(minutes) <= 14 * 60)
        {
            return TimeZoneInfo.CreateCustomTimeZone(name, TimeSpan.FromMinutes(minutes), name, name);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw SearchRefusedException.BadRequest($"unknown time_zone [{name}]; use an offset such as +01:00");
    }

    public QueryValue Read(JsonElement value, Field field) => field.Kind switch
    {
        FieldKind.Number => QueryValue.Of(Number(value, field)),
        FieldKind.Boolean => QueryValue.Of(Boolean(value, field.Name)),
        FieldKind.Date => ReadDate(value, field, toLast: false),
        FieldKind.Any when value.ValueKind == JsonValueKind.Number => QueryValue.Of(Number(value, field)),
        FieldKind.Any when value.ValueKind is JsonValueKind.True or JsonValueKind.False => QueryValue.Of(value.GetBoolean()),
        _ => QueryValue.Of(Text(value, field)),
    };

    /// <summary>A date; <paramref name="toLast"/> says whether what was left out or rounded away is filled to its last millisecond.</summary>
    public QueryValue ReadDate(JsonElement value, Field field, bool toLast)
    {
        if (value.ValueKind == JsonValueKind.Number) return QueryValue.Of(new Number(Math.Truncate(Number(value, field).Real)));
        return value.ValueKind == JsonValueKind.String && dates.TryParse(value.GetString()!, toLast, out var milliseconds)
            ? QueryValue.Of(new Number(milliseconds))
            : throw SearchRefusedException.BadRequest(
                $"failed to parse date field [{value.GetRawText()}] of [{field.Name}] with format [strict_date_optional_time||epoch_millis]");
    }

    private static Number Number(JsonElement value, Field field)
    {
        var text = value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? Text(value, field) : "";
        return Values.Number.TryParse(Encoding.UTF8.GetBytes(text), out var number)
            ? number
            : throw SearchRefusedException.BadRequest($"failed to create query: {value.GetRawText()} is no number, as [{field.Name}] needs");
    }
}
