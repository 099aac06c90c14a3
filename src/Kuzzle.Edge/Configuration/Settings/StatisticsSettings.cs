using Kuzzle.Edge.Api;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Which statistics of requests are kept, under Kuzzle's own names and in its units.</summary>
internal static class StatisticsSettings
{
    private static readonly StatisticsOptions Options = new();

    public static readonly Setting<bool> Enabled = new("stats.enabled", Types.Flag, Options.Enabled, "Counts requests by protocol, for `server:getStats` and its kind.");

    public static readonly Setting<int> TimeToLive = new(
        "stats.ttl", Types.Integer(1, 31_536_000), (int)Options.TimeToLive.TotalSeconds, "How many seconds the counts are kept, in memory.");

    public static readonly Setting<int> Interval = new(
        "stats.statsInterval", Types.Integer(1, 86_400), (int)Options.Interval.TotalSeconds, "How many seconds one frame of counts is about.");

    public static IReadOnlyList<Setting> All { get; } = [Enabled, TimeToLive, Interval];
}
