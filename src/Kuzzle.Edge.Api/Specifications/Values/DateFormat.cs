using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>A format of dates, under Elasticsearch's name for it.</summary>
internal sealed class DateFormat
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Beyond, there is no such date.</summary>
    private const double MaxSeconds = 253_402_300_799;

    private static readonly FrozenDictionary<string, string[]> Patterns = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["basic_date"] = ["yyyyMMdd"],
        ["basic_date_time"] = ["yyyyMMdd'T'HHmmss.fffK"],
        ["basic_date_time_no_millis"] = ["yyyyMMdd'T'HHmmssK"],
        ["basic_time"] = ["HHmmss.fffK"],
        ["basic_time_no_millis"] = ["HHmmssK"],
        ["date"] = ["yyyy-MM-dd"],
        ["date_hour"] = ["yyyy-MM-dd'T'HH"],
        ["date_hour_minute"] = ["yyyy-MM-dd'T'HH:mm"],
        ["date_hour_minute_second"] = ["yyyy-MM-dd'T'HH:mm:ss"],
        ["date_hour_minute_second_fraction"] = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"],
        ["date_hour_minute_second_millis"] = ["yyyy-MM-dd'T'HH:mm:ss.fff"],
        ["date_time"] = ["yyyy-MM-dd'T'HH:mm:ss.fffK"],
        ["date_time_no_millis"] = ["yyyy-MM-dd'T'HH:mm:ssK"],
        ["date_optional_time"] =
        [
            "yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd'T'HHK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        ],
        ["hour"] = ["HH"],
        ["hour_minute"] = ["HH:mm"],
        ["hour_minute_second"] = ["HH:mm:ss"],
        ["hour_minute_second_fraction"] = ["HH:mm:ss.FFFFFFF"],
        ["hour_minute_second_millis"] = ["HH:mm:ss.fff"],
        ["time"] = ["HH:mm:ss.fffK"],
        ["time_no_millis"] = ["HH:mm:ssK"],
        ["year"] = ["yyyy"],
        ["year_month"] = ["yyyy-MM"],
        ["year_month_day"] = ["yyyy-MM-dd"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly double _unitsPerSecond;
    private readonly string[] _patterns;

    private DateFormat(string name, double unitsPerSecond, string[] patterns)
    {
        Name = name;
        _unitsPerSecond = unitsPerSecond;
        _patterns = patterns;
    }

    /// <summary>Milliseconds since 1970, which holds when a specification names none.</summary>
    public static DateFormat EpochMilliseconds { get; } = new("epoch_millis", 1000, []);

    public string Name { get; }

    /// <summary>The format of that name; the stricter twins of Elasticsearch (<c>strict_</c>) are the same here, where nothing is guessed.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out DateFormat? format)
    {
        var bare = name.StartsWith("strict_", StringComparison.Ordinal) ? name["strict_".Length..] : name;
        format = bare switch
        {
            "epoch_millis" => EpochMilliseconds,
            "epoch_second" => new DateFormat(name, 1, []),
            _ => Patterns.TryGetValue(bare, out var patterns) ? new DateFormat(name, 0, patterns) : null,
        };
        return format is not null;
    }

    /// <summary>The date, or null when the value is none in this format.</summary>
    public DateTimeOffset? Read(JsonElement value)
    {
        if (_unitsPerSecond > 0) return ReadEpoch(value);
        if (value.ValueKind != JsonValueKind.String) return null;
        return DateTimeOffset.TryParseExact(value.GetString(), _patterns, CultureInfo.InvariantCulture, Utc, out var date) ? date : null;
    }

    private DateTimeOffset? ReadEpoch(JsonElement value)
    {
        var isNumber = value.ValueKind == JsonValueKind.Number
            ? value.TryGetDouble(out var units)
            : double.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out units);
        var seconds = units / _unitsPerSecond;
        return isNumber && Math.Abs(seconds) <= MaxSeconds && seconds > -62_135_596_800 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
    }
}
