namespace Kuzzle.Edge.Api;

/// <summary>Which statistics of requests are kept. Immutable.</summary>
public sealed record StatisticsOptions
{
    /// <summary>Whether any are.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long one frame counts. One second to one day.</summary>
    public TimeSpan Interval
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 second to 1 day");
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long frames are kept; as many frames as fit into it, at most 100 000. One second to one year.</summary>
    public TimeSpan TimeToLive
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(365) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 second to 1 year");
    } = TimeSpan.FromHours(1);
}
