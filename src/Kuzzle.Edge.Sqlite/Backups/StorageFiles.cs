using System.Globalization;

namespace Kuzzle.Edge.Sqlite.Backups;

/// <summary>What lies in a storage directory.</summary>
public static class StorageFiles
{
    /// <summary>The database of the documents, the outbox and what the upstream is known to hold.</summary>
    public const string Documents = "documents.db";

    /// <summary>The database of the broker: sessions, messages, wills. Not there when nothing of the broker is kept.</summary>
    public const string Broker = "broker.db";

    /// <summary>Held by the process that has the documents.</summary>
    internal const string Lock = "lock";

    /// <summary>Held by the process that has the broker's database.</summary>
    internal const string BrokerLock = "broker.lock";

    /// <summary>Both databases.</summary>
    public static IReadOnlyList<string> Databases { get; } = [Documents, Broker];

    /// <summary>This path, or, where something is there already, one with a number behind it: two within a second, or a clock that always starts at the same time.</summary>
    public static string FreeName(string path)
    {
        var free = path;
        for (var number = 2; Path.Exists(free); number++) free = string.Create(CultureInfo.InvariantCulture, $"{path}-{number}");
        return free;
    }

    /// <summary>A database and what SQLite keeps beside it.</summary>
    internal static IEnumerable<string> With(string database) => [database, $"{database}-wal", $"{database}-shm"];
}
