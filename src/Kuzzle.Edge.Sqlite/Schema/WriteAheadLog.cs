namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>The log of a database that is open.</summary>
internal static class WriteAheadLog
{
    /// <summary>
    /// Takes it to the disk, for relaxed durability: all that was acknowledged is in the log, so syncing that is enough. A checkpoint would sync it too, but not
    /// while some reader stands in its way. Nothing is locked by way of the log's own file, so opening and closing it here takes no lock from SQLite. From any
    /// thread.
    /// </summary>
    public static void Sync(string database)
    {
        using var log = File.OpenHandle($"{database}-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(log);
    }
}
