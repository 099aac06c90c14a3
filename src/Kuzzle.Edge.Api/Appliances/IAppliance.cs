using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Appliances;

/// <summary>What the API knows of the process around it. All members may be called from any thread and answer at once.</summary>
public interface IAppliance
{
    /// <summary>What is not as it should be now, alarms first. Empty when all is well.</summary>
    IReadOnlyList<ApplianceCondition> Conditions { get; }

    /// <summary>The configuration in force, without anything secret. A tree of its own for each call.</summary>
    JsonObject DescribeConfiguration();

    /// <summary>The newest lines of the log, oldest first.</summary>
    /// <param name="count">How many at the most; fewer when fewer are kept.</param>
    IReadOnlyList<LogEntry> RecentLog(int count);

    /// <summary>Begins an orderly stop. Returns before it is over; a second call does nothing more.</summary>
    void Stop();

    /// <summary>Whether the box has an owner; null where nobody keeps that outside the database.</summary>
    IOwnership? Ownership => null;

    /// <summary>Backups; null where the process makes none.</summary>
    IBackupSource? Backups => null;

    /// <summary>Updates; null where the process knows of none.</summary>
    ISystemUpdates? Updates => null;
}
