using System.Buffers.Text;
using System.Text;

namespace Kuzzle.Edge.Sqlite.Search.Dates;

/// <summary>
/// Dates as Elasticsearch's <c>strict_date_optional_time||epoch_millis</c> takes them: <c>2024-05</c>, <c>2024-05-01</c>, <c>2024-05-01T12:30:00.5+02:00</c>,
/// or milliseconds since 1970.
/// </summary>
internal static class DateText
{
    private const long MillisecondsPerMinute = 60_000;

    /// <summary>What is left out is the earliest; without an offset it is UTC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        if (!TryRead(text, out var parts))
        {
            milliseconds = 0;
            return false;
        }

        milliseconds = parts.Local - ((parts.OffsetMinutes ?? 0) * MillisecondsPerMinute);
        return true;
    }

    public static bool TryRead(string text, out DateParts parts) => TryRead(Encoding.UTF8.GetBytes(text), out parts);

    public static bool TryRead(ReadOnlySpan<byte> text, out DateParts parts)
    {
        parts = default;
        var rest = text;
        if (!TakeDate(ref rest, out var date)) return TryParseMilliseconds(text, out parts);
        if (rest.IsEmpty)
        {
            parts = new DateParts(date, 86_400_000, OffsetMinutes: null);
            return true;
        }

        if (rest[0] != 'T') return false;
        rest = rest[1..];
        if (rest.IsEmpty)
        {
            parts = new DateParts(date, 86_400_000, OffsetMinutes: null);
            return true;
        }

        if (!TakeTime(ref rest, out var time, out var unit) || !TakeOffset(ref rest, out var offset) || !rest.IsEmpty) return false;
        parts = new DateParts(date + time, unit, offset);
        return true;
    }

    private static bool TryParseMilliseconds(ReadOnlySpan<byte> text, out DateParts parts)
    {
        parts = default;
        if (!Utf8Parser.TryParse(text, out long milliseconds, out var consumed) || consumed != text.Length) return false;
        parts = new DateParts(milliseconds, 1, 0);
        return true;
    }

    /// <summary>Takes <c>yyyy[-MM[-dd]]</c>, in milliseconds since 1970.</summary>
    private static bool TakeDate(ref ReadOnlySpan<byte> rest, out long date)
    {
        date = 0;
        var (month, day) = (1, 1);
        if (!TakeDigits(ref rest, 4, out var year) || year == 0) return false;
        if (Take(ref rest, '-') && !TakeDigits(ref rest, 2, out month)) return false;
        if (Take(ref rest, '-') && !TakeDigits(ref rest, 2, out day)) return false;

        // Five digits and more are milliseconds.
        if (!rest.IsEmpty && rest[0] != 'T') return false;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        date = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>Takes <c>HH[:mm[:ss[.fraction]]]</c>; the unit is how many milliseconds the last part given stands for.</summary>
    private static bool TakeTime(ref ReadOnlySpan<byte> rest, out long time, out long unit)
    {
        var (minute, second, fraction) = (0, 0, 0L);
        time = 0;
        unit = 3_600_000;
        if (!TakeDigits(ref rest, 2, out var hour)) return false;
        if (Take(ref rest, ':'))
        {
            unit = 60_000;
            if (!TakeDigits(ref rest, 2, out minute)) return false;
            if (Take(ref rest, ':'))
            {
                unit = 1000;
                if (!TakeDigits(ref rest, 2, out second)) return false;
                if (Take(ref rest, '.') || Take(ref rest, ','))
                {
                    unit = 1;
                    if (!TakeFraction(ref rest, out fraction)) return false;
                }
            }
        }

        time = (((((hour * 60) + minute) * 60L) + second) * 1000) + fraction;
        return hour < 24 && minute < 60 && second < 60;
    }

    private static bool TakeFraction(ref ReadOnlySpan<byte> rest, out long milliseconds)
    {
        milliseconds = 0;
        var digits = 0;
        while (digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9')
        {
            if (digits < 3) milliseconds = (milliseconds * 10) + (rest[digits] - '0');
            digits++;
        }

        for (var missing = digits; missing < 3; missing++) milliseconds *= 10;
        rest = rest[digits..];
        return digits is >= 1 and <= 9;
    }

    /// <summary>Takes <c>Z</c>, <c>+02</c>, <c>+0200</c>, <c>+02:00</c>, or nothing.</summary>
    private static bool TakeOffset(ref ReadOnlySpan<byte> rest, out int? minutes)
    {
        minutes = null;
        if (rest.IsEmpty) return true;
        if (Take(ref rest, 'Z'))
        {
            minutes = 0;
            return true;
        }

        var sign = rest[0] == '-' ? -1 : 1;
        if (!Take(ref rest, '+') && !Take(ref rest, '-')) return false;
        if (!TakeDigits(ref rest, 2, out var hours)) return false;
        var minute = 0;
        if ((Take(ref rest, ':') || !rest.IsEmpty) && !TakeDigits(ref rest, 2, out minute)) return false;
        minutes = sign * ((hours * 60) + minute);
        return hours <= 18 && minute < 60;
    }

    private static bool Take(ref ReadOnlySpan<byte> rest, char wanted)
    {
        if (rest.IsEmpty || rest[0] != wanted) return false;
        rest = rest[1..];
        return true;
    }

    private static bool TakeDigits(ref ReadOnlySpan<byte> rest, int count, out int number)
    {
        number = 0;
        if (rest.Length < count) return false;
        foreach (var digit in rest[..count])
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + (digit - '0');
        }

        rest = rest[count..];
        return true;
    }
}
