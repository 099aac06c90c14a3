using System.Globalization;
using System.Text;

namespace Kuzzle.Edge.Sqlite.Search.Dates;

/// <summary>Writes dates by one of Elasticsearch's patterns. Immutable.</summary>
internal sealed class DateFormat
{
    private readonly string? _pattern;

    private DateFormat(string? pattern) => _pattern = pattern;

    /// <summary><c>strict_date_optional_time</c>: <c>2024-05-01T12:30:00.000Z</c>.</summary>
    public static DateFormat Iso { get; } = new("yyyy-MM-dd'T'HH:mm:ss.fffK");

    /// <exception cref="SearchRefusedException">The pattern has letters that mean nothing here.</exception>
    public static DateFormat Of(string pattern)
    {
        var first = pattern.Split("||")[0];
        return first switch
        {
            "epoch_millis" => new DateFormat(null),
            "epoch_second" => new DateFormat("epoch_second"),
            "strict_date_optional_time" or "date_optional_time" or "strict_date_time" or "date_time" => Iso,
            "strict_date" or "date" or "strict_year_month_day" or "year_month_day" => new DateFormat("yyyy-MM-dd"),
            "strict_year_month" or "year_month" => new DateFormat("yyyy-MM"),
            "strict_year" or "year" => new DateFormat("yyyy"),
            "basic_date" => new DateFormat("yyyyMMdd"),
            "hour_minute_second" or "strict_hour_minute_second" => new DateFormat("HH:mm:ss"),
            _ => new DateFormat(Translate(first)),
        };
    }

    public string Format(long milliseconds) => Format(milliseconds, TimeZoneInfo.Utc);

    public string Format(long milliseconds, TimeZoneInfo zone)
    {
        if (_pattern is null || milliseconds is < -62_135_596_800_000 or > 253_402_300_799_999) return milliseconds.ToString(CultureInfo.InvariantCulture);
        if (_pattern == "epoch_second") return (milliseconds / 1000).ToString(CultureInfo.InvariantCulture);
        var moment = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), zone);
        return zone.Equals(TimeZoneInfo.Utc)
            ? moment.UtcDateTime.ToString(_pattern, CultureInfo.InvariantCulture)
            : moment.ToString(_pattern.Replace("K", "zzz", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    /// <summary>Java's letters in .NET's.</summary>
    private static string Translate(string pattern)
    {
        var text = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            var letter = pattern[at];
            var end = at + 1;
            if (letter == '\'')
            {
                end = pattern.IndexOf('\'', at + 1) + 1;
                if (end == 0) throw SearchRefusedException.BadRequest($"Invalid format: [{pattern}]: a quote is not closed");
                text.Append(end == at + 2 ? "\\'" : pattern[at..end]);
                at = end;
                continue;
            }

            while (end < pattern.Length && pattern[end] == letter) end++;
            var count = end - at;
            text.Append(letter switch
            {
                'y' or 'u' => count == 2 ? "yy" : "yyyy",
                'M' or 'L' => new string('M', Math.Min(count, 4)),
                'd' or 'H' or 'm' or 's' or 'h' => count <= 2 ? Alone(letter, count) : throw Unknown(pattern, letter),
                'S' => new string('f', Math.Min(count, 7)),
                'E' => count <= 3 ? "ddd" : "dddd",
                'a' => "tt",
                'X' or 'x' => "K",
                'Z' => "zzz",
                >= 'A' and <= 'Z' or >= 'a' and <= 'z' => throw Unknown(pattern, letter),
                _ => string.Concat(Enumerable.Repeat($"\\{letter}", count)),
            });
            at = end;
        }

        return text.Length == 1 ? $"%{text}" : text.ToString();
    }

    private static string Alone(char letter, int count) => new(letter, count);

    private static SearchRefusedException Unknown(string pattern, char letter) =>
        SearchRefusedException.BadRequest($"Invalid format: [{pattern}]: the letter [{letter}] is not supported");
}
