namespace Kuzzle.Edge.Api;

/// <summary>Which times of day can be right. A board without a battery begins in 1970.</summary>
public static class PlausibleTime
{
    /// <summary>This program was not there before: an earlier time is that of a clock that nobody has set.</summary>
    public static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
