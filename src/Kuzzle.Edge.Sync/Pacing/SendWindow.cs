using System.Globalization;

namespace Kuzzle.Edge.Sync.Pacing;

/// <summary>A time of the day, every day, by the clock on the wall: <c>22:00-06:00</c>. One whose end is not behind its beginning goes over midnight.</summary>
/// <param name="Begin">The first minute.</param>
/// <param name="End">The first minute that is not in it any more.</param>
public readonly record struct SendWindow(TimeOnly Begin, TimeOnly End)
{
    /// <summary>Reads <c>HH:mm-HH:mm</c>; null when the text is something else.</summary>
    public static SendWindow? Parse(string text) =>
        text.Split('-') is [var begin, var end] && Read(begin) is { } from && Read(end) is { } to ? new SendWindow(from, to) : null;

    /// <summary>Whether a time is in it. One with the same beginning and end is the whole day.</summary>
    public bool Contains(TimeOnly time) => Begin == End || time.IsBetween(Begin, End);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Begin:HH:mm}-{End:HH:mm}");

    private static TimeOnly? Read(string text) =>
        TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
