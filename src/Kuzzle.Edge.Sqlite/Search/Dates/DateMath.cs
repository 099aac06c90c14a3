using System.Globalization;

namespace Kuzzle.Edge.Sqlite.Search.Dates;

/// <summary>
/// Ends of date ranges: a date, or an anchor (<c>now</c>, or a date and <c>||</c>) with steps such as <c>+1h</c>, <c>-2d</c> and <c>/M</c>. An end that must
/// not lie before what was written is rounded to the last millisecond of what was left out or rounded away.
/// </summary>
internal sealed class DateMath(DateTimeOffset now, TimeZoneInfo zone)
{
    /// <summary>Milliseconds since 1970; <paramref name="toLast"/> is for <c>gt</c> and <c>lte</c>. False when it is no date.</summary>
    public bool TryParse(string text, bool toLast, out long milliseconds)
    {
        milliseconds = 0;
        if (text.StartsWith("now", StringComparison.Ordinal)) return TryStep(now.ToUnixTimeMilliseconds(), text.AsSpan(3), toLast, out milliseconds);

        var bars = text.IndexOf("||", StringComparison.Ordinal);
        if (!DateText.TryRead(bars < 0 ? text : text[..bars], out var parts)) return false;

        // With steps after it a date is its first moment: only the last step may round up.
        var local = parts.Local + (toLast && bars < 0 ? parts.Unit - 1 : 0);
        if (!TryToUtc(local, parts.OffsetMinutes, out var utc)) return false;
        return TryStep(utc, bars < 0 ? [] : text.AsSpan(bars + 2), toLast, out milliseconds);
    }

    private static DateTime? Shift(DateTime moment, int count, char unit)
    {
        try
        {
            return unit switch
            {
                'y' => moment.AddYears(count),
                'M' => moment.AddMonths(count),
                'w' => moment.AddDays(7.0 * count),
                'd' => moment.AddDays(count),
                'h' or 'H' => moment.AddHours(count),
                'm' => moment.AddMinutes(count),
                's' => moment.AddSeconds(count),
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static DateTime? Floor(DateTime moment, char unit) => unit switch
    {
        'y' => new DateTime(moment.Year, 1, 1),
        'M' => new DateTime(moment.Year, moment.Month, 1),
        'w' => moment.Date.AddDays(-(((int)moment.DayOfWeek + 6) % 7)),
        'd' => moment.Date,
        'h' or 'H' => moment.Date.AddHours(moment.Hour),
        'm' => moment.Date.AddHours(moment.Hour).AddMinutes(moment.Minute),
        's' => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerSecond)),
        _ => null,
    };

    private static bool TryTakeStep(ref ReadOnlySpan<char> steps, out char sign, out int count, out char unit)
    {
        (sign, count, unit) = (steps[0], 1, '\0');
        if (sign is not ('+' or '-' or '/')) return false;
        var digits = 1;
        while (digits < steps.Length && char.IsAsciiDigit(steps[digits])) digits++;
        if (digits >= steps.Length) return false;
        if (digits > 1 && (sign == '/' || !int.TryParse(steps[1..digits], NumberStyles.None, CultureInfo.InvariantCulture, out count))) return false;
        unit = steps[digits];
        steps = steps[(digits + 1)..];
        return true;
    }

    private bool TryStep(long utc, ReadOnlySpan<char> steps, bool toLast, out long milliseconds)
    {
        milliseconds = utc;
        if (steps.IsEmpty) return true;
        if (utc is < -62_135_596_800_000 or > 253_402_300_799_999) return false;

        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(utc), zone).DateTime;
        while (!steps.IsEmpty)
        {
            if (!TryTakeStep(ref steps, out var sign, out var count, out var unit)) return false;
            var next = sign == '/' ? Floor(local, unit) : Shift(local, sign == '-' ? -count : count, unit);
            if (sign == '/' && toLast && next is { } floor) next = Shift(floor, 1, unit)?.AddMilliseconds(-1);
            if (next is not { } reached) return false;
            local = reached;
        }

        return TryToUtc(local, out milliseconds);
    }

    private bool TryToUtc(long local, int? offsetMinutes, out long utc)
    {
        utc = local - ((offsetMinutes ?? 0) * 60_000L);
        if (offsetMinutes is not null || zone.Equals(TimeZoneInfo.Utc)) return true;
        return local is >= -62_135_596_800_000 and <= 253_402_300_799_999 && TryToUtc(DateTime.UnixEpoch.AddMilliseconds(local), out utc);
    }

    private bool TryToUtc(DateTime local, out long utc)
    {
        var offset = zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
        utc = (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }
}
