namespace Kuzzle.Edge.Sqlite;

/// <summary>Where and how a broker's sessions and messages are stored. Immutable.</summary>
public sealed record SqliteBrokerStoreOptions
{
    /// <summary>
    /// The directory of the database. Created, for this user only, when it is missing; one process at a time may use it. A
    /// <see cref="SqliteDocumentStore"/> may be in the same one.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>When a commit is on the disk. <see cref="StorageDurability.Full"/> by default.</summary>
    public StorageDurability Durability { get; init; } = StorageDurability.Full;

    /// <summary>How much of the database is kept in memory, in KiB. 256 to 262 144; 4 096 by default.</summary>
    public int CacheKiB
    {
        get;
        init => field = value is >= 256 and <= 262_144 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "256 to 262144");
    } = 4096;
}
