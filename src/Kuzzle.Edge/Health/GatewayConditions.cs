using System.Globalization;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Health;

/// <summary>Looks what is wrong with a gateway that serves.</summary>
internal sealed class GatewayConditions(SqliteDocumentStore store, MqttBroker broker, KuzzleApi api, IWallClock wall, TimeProvider clock, string directory)
{
    /// <summary>With less than this, the log of one large import or one checkpoint may no longer fit.</summary>
    private const long LittleRoom = 64 * 1024 * 1024;

    /// <summary>All that is wrong now.</summary>
    public IEnumerable<FoundCondition> Find()
    {
        if (store.Fault is { } fault)
        {
            yield return new FoundCondition(ApplianceCondition.Storage, ConditionSeverity.Alarm, $"Nothing can be stored; writes are refused until it works again. {fault}");
        }

        if (broker.StoreFault is { } brokerFault)
        {
            yield return new FoundCondition("broker", ConditionSeverity.Alarm, $"MQTT messages that must be kept wait unacknowledged until they can be stored. {brokerFault}");
        }

        foreach (var damaged in DamagedFiles.In(directory)) yield return Describe(damaged);
        foreach (var newer in EarlierVersions.SetAsideIn(directory)) yield return Describe(newer);
        if (api.HasLostAdmin)
        {
            yield return new FoundCondition(
                "administrator",
                ConditionSeverity.Alarm,
                "The box has lost its administrators with its database, and lets nobody become one through the network. Restore a backup; or run \"kuzzle-edge claim --reset\" on it; or put a file with [admin] on its card.");
        }

        if (store.Fault is null && FreeBytes() is { } free and < LittleRoom)
        {
            yield return new FoundCondition("room", ConditionSeverity.Notice, $"There is little room left for data: {free / 1_000_000} MB on the disk of {directory}.");
        }

        if (FindClockFault() is { } clockFault) yield return clockFault;
    }

    private static FoundCondition Describe(DamagedFile damaged)
    {
        var at = damaged.SetAsideAt.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        var lost = damaged.IsLog ? "the newest changes were only in it, and are missing" : "a fresh one was begun, and what it held is missing";
        return new FoundCondition(
            Path.GetFileName(damaged.Path),
            ConditionSeverity.Alarm,
            $"{damaged.Name} was damaged and set aside on {at} as {damaged.Path}: {lost}. Restore a backup; this alarm ends when that file is moved away.");
    }

    private static FoundCondition Describe(NewerFile newer)
    {
        var at = newer.SetAsideAt.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        return new FoundCondition(
            Path.GetFileName(newer.Path),
            ConditionSeverity.Alarm,
            $"{newer.Name} had been written by a newer version of this program and was set aside on {at} as {newer.Path}; the gateway goes on with the state from before that update. What was stored since is in that file only: see docs/updates.md. This alarm ends when it is moved away.");
    }

    private FoundCondition? FindClockFault()
    {
        if (wall.IsSynchronised) return null;

        var now = clock.GetUtcNow();
        var text = now.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        return now < PlausibleTime.Earliest
            ? new FoundCondition(
                "clock",
                ConditionSeverity.Alarm,
                $"The clock is not set: it says {text[..10]}. Readings are marked until the network tells the time; certificates of others seem not valid yet, so the link to the upstream waits.")
            : new FoundCondition("clock", ConditionSeverity.Notice, "Nobody has confirmed the time of day yet. Readings are marked until the network does.");
    }

    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // A disk that does not even tell that makes itself known by its writes.
        }
    }
}
