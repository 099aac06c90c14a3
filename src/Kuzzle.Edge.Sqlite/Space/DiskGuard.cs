using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Space;

/// <summary>Knows whether there is room for documents. Belongs to the writer's thread.</summary>
internal sealed class DiskGuard(SqliteConnection connection, SqliteStoreOptions options, TimeProvider clock)
{
    /// <summary>A call of the system for each write would be felt, and in this time a card takes some ten megabytes: less than the smallest sensible reserve.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private long _measuredAt;
    private long? _free;

    /// <summary>How many bytes can still be written, not long ago.</summary>
    public long FreeBytes
    {
        get
        {
            if (_free is not { } free || clock.GetElapsedTime(_measuredAt) >= Freshness)
            {
                free = options.MeasureDisk(options.Directory).FreeBytes + ReusableBytes(connection);
                (_free, _measuredAt) = (free, clock.GetTimestamp());
            }

            return free;
        }
    }

    /// <summary>True when documents are to be refused.</summary>
    public bool IsShort => options.DiskReserve > 0 && FreeBytes < options.DiskReserve;

    /// <summary>What deleted documents have left in a database, and the next ones take before the file grows.</summary>
    public static long ReusableBytes(SqliteConnection connection) => connection.QueryInt64("PRAGMA freelist_count") * connection.QueryInt64("PRAGMA page_size");
}
