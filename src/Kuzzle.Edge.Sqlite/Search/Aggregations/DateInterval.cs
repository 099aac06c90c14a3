namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Buckets of time: of a fixed length, or of the calendar of a time zone. Milliseconds since 1970.</summary>
/// <param name="unit">The calendar's unit (<c>m h d w M q y</c>), or null.</param>
/// <param name="length">The fixed length in milliseconds, when there is no unit.</param>
/// <param name="offset">What the buckets are shifted by.</param>
/// <param name="zone">Whose clock it is.</param>
internal sealed class DateInterval(char? unit, long length, long offset, TimeZoneInfo zone) : Interval
{
    private const double First = -62_135_596_800_000 + 400_000_000.0;
    private const double Last = 253_402_300_799_999 - 40_000_000_000.0;

    public TimeZoneInfo Zone => zone;

    /// <summary>The length, when all buckets have the same and begin where UTC's do; else null.</summary>
    public long? UniformLength => !zone.Equals(TimeZoneInfo.Utc) ? null : unit switch
    {
        null => length,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        _ => null,
    };

    public long Offset => offset;

    public override double KeyOf(double value)
    {
        var shifted = Math.Floor(value) - offset;
        if (UniformLength is { } uniform) return (Math.Floor(shifted / uniform) * uniform) + offset;
        if (shifted is < First or > Last) throw SearchRefusedException.BadRequest("[date_histogram] a date lies beyond the years 1 to 9998");

        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds((long)shifted), zone).DateTime;
        return ToUtc(unit is { } calendar ? Floor(local, calendar) : FloorFixed(local)) + offset;
    }

    public override double After(double key)
    {
        if (UniformLength is { } uniform) return key + uniform;
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds((long)key - offset), zone).DateTime;
        var next = unit switch
        {
            null => local.AddMilliseconds(length),
            'm' => local.AddMinutes(1),
            'h' => local.AddHours(1),
            'd' => local.AddDays(1),
            'w' => local.AddDays(7),
            'M' => local.AddMonths(1),
            'q' => local.AddMonths(3),
            _ => local.AddYears(1),
        };
        var after = ToUtc(next) + offset;

        // Where clocks are set back the same local hour comes twice.
        return after > key ? after : key + (unit == 'm' ? 60_000 : 3_600_000);
    }

    private static DateTime Floor(DateTime local, char unit) => unit switch
    {
        'm' => local.Date.AddHours(local.Hour).AddMinutes(local.Minute),
        'h' => local.Date.AddHours(local.Hour),
        'd' => local.Date,
        'w' => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
        'M' => new DateTime(local.Year, local.Month, 1),
        'q' => new DateTime(local.Year, ((local.Month - 1) / 3 * 3) + 1, 1),
        _ => new DateTime(local.Year, 1, 1),
    };

    private DateTime FloorFixed(DateTime local)
    {
        var milliseconds = (local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return DateTime.UnixEpoch.AddMilliseconds(Math.Floor((double)milliseconds / length) * length);
    }

    private double ToUtc(DateTime local)
    {
        var moment = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);

        // An hour that the clocks pass over begins when it would have.
        var clock = zone.IsInvalidTime(moment) ? zone.GetUtcOffset(moment.AddHours(-2)) : zone.GetUtcOffset(moment);
        return (moment.Ticks - DateTime.UnixEpoch.Ticks - clock.Ticks) / (double)TimeSpan.TicksPerMillisecond;
    }
}
