using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;

namespace Kuzzle.Edge.Api.Tests;

/// <summary>A process that remembers what it was asked to do.</summary>
internal sealed class RecordingAppliance : IAppliance
{
    public List<LogEntry> Log { get; } = [];

    public IReadOnlyList<ApplianceCondition> Conditions { get; set; } = [];

    /// <summary>How often it was told to stop.</summary>
    public int Stops { get; private set; }

    public JsonObject DescribeConfiguration() => new() { ["server"] = new JsonObject { ["port"] = 7512 } };

    public IReadOnlyList<LogEntry> RecentLog(int count) => [.. Log.TakeLast(count)];

    public void Stop() => Stops++;
}
