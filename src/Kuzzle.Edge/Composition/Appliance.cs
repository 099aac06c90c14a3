using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Logging;

namespace Kuzzle.Edge.Composition;

/// <summary>This process, as the API sees it.</summary>
internal sealed class Appliance(
    Func<JsonObject> configuration, ConditionBoard conditions, LogRing log, Action stop, IOwnership? ownership = null, IBackupSource? backups = null, ISystemUpdates? updates = null) : IAppliance
{
    /// <inheritdoc/>
    public IReadOnlyList<ApplianceCondition> Conditions => conditions.Current;

    /// <inheritdoc/>
    public JsonObject DescribeConfiguration() => configuration().DeepClone().AsObject();

    /// <inheritdoc/>
    public IReadOnlyList<LogEntry> RecentLog(int count) => log.Recent(count);

    /// <inheritdoc/>
    public void Stop() => stop();

    /// <inheritdoc/>
    public IOwnership? Ownership => ownership;

    /// <inheritdoc/>
    public IBackupSource? Backups => backups;

    /// <inheritdoc/>
    public ISystemUpdates? Updates => updates;
}
