using System.Globalization;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Reads the interval of a <c>date_histogram</c>.</summary>
internal static class DateIntervals
{
    public static DateInterval Read(AggregationOptions options, TimeZoneInfo zone)
    {
        var offset = options.Text("offset") is { } shift ? Offset(shift) : 0;
        var calendar = options.Text("calendar_interval");
        var exact = options.Text("fixed_interval");
        var either = options.Text("interval");
        if (either is not null) (calendar, exact) = UnitOf(either) is null ? (calendar, either) : (either, exact);
        if (calendar is not null && exact is not null) throw SearchRefusedException.BadRequest("Cannot use [fixed_interval] with [calendar_interval] configuration option.");
        if (exact is not null) return new DateInterval(unit: null, Length(exact, "fixed_interval"), offset, zone);
        if (calendar is null) throw SearchRefusedException.BadRequest("Invalid interval specified, must be non-null and non-empty");
        return UnitOf(calendar) is { } unit
            ? new DateInterval(unit, length: 0, offset, zone)
            : throw SearchRefusedException.BadRequest($"The supplied interval [{calendar}] could not be parsed as a calendar interval.");
    }

    private static char? UnitOf(string name) => name switch
    {
        "minute" or "1m" => 'm',
        "hour" or "1h" => 'h',
        "day" or "1d" => 'd',
        "week" or "1w" => 'w',
        "month" or "1M" => 'M',
        "quarter" or "1q" => 'q',
        "year" or "1y" => 'y',
        _ => null,
    };

    private static long Offset(string text) => text switch
    {
        ['-', .. var rest] => -Length(rest, "offset"),
        ['+', .. var rest] => Length(rest, "offset"),
        _ => Length(text, "offset"),
    };

    private static long Length(string text, string name)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        long? unit = text[digits..] switch
        {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        return unit is { } length && int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count * length
            : throw SearchRefusedException.BadRequest($"failed to parse setting [{name}] with value [{text}]: use a number and ms, s, m, h or d");
    }
}
