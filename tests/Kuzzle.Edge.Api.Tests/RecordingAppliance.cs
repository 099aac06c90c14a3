using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Requests;

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

    public NotedOwnership Owner { get; } = new();

    public IOwnership Ownership => Owner;

    public IBackupSource Backups { get; } = new OneBackup();

    public ISystemUpdates Updates => Image;

    public RecordingUpdates Image { get; } = new();

    private sealed class OneBackup : IBackupSource
    {
        public Task<ResultContent?> TakeAsync(CancellationToken cancellationToken) => Task.FromResult<ResultContent?>(ResultContent.Of("application/gzip", new byte[] { 1, 2, 3 }));
    }
}
