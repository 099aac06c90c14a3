using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Space;

namespace Kuzzle.Edge.Sqlite;

/// <summary>Where and how documents are stored. Immutable.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The directory of the database. Created, for this user only, when it is missing; one process at a time may use it.</summary>
    public required string Directory { get; init; }

    /// <summary>When an acknowledged write is on the disk. <see cref="StorageDurability.Full"/> by default.</summary>
    public StorageDurability Durability { get; init; } = StorageDurability.Full;

    /// <summary>
    /// Which ways the documents of a collection go: asked at every change of a document, from the writer's thread, so it must be quick and thread-safe. None by default.
    /// </summary>
    public Func<CollectionName, UpstreamRoute> RouteOf { get; init; } = static _ => UpstreamRoute.None;

    /// <summary>How much may wait for the upstream.</summary>
    public OutboxBounds Outbox { get; init; } = new();

    /// <summary>Where what the upstream refuses for good is shown as documents, one for each with the reason; null for nowhere. Made when it is needed.</summary>
    public CollectionName? DeadLetters { get; init; }

    /// <summary>
    /// How much of the disk is left alone, in bytes: with less, documents are refused but for the product's own, and deletions go on. A disk that is full to the end can keep
    /// neither a log nor a session. 0 to 1 TiB, where 0 is no limit; 32 MiB by default.
    /// </summary>
    public long DiskReserve
    {
        get;
        init => field = value is >= 0 and <= 1L << 40 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 1 TiB");
    } = 32 * 1024 * 1024;

    /// <summary>What is known of the disk that holds a directory; of the system by default.</summary>
    public Func<string, StorageSpace> MeasureDisk { get; init; } = SystemDisk.Measure;

    /// <summary>How many writes may wait for the disk before senders are made to wait. 1 to 65 536; 1 024 by default.</summary>
    public int WriteQueueCapacity
    {
        get;
        init => field = value is >= 1 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65536");
    } = 1024;

    /// <summary>How many reads may wait for a thread before senders are made to wait. 1 to 65 536; 1 024 by default.</summary>
    public int ReadQueueCapacity
    {
        get;
        init => field = value is >= 1 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65536");
    } = 1024;

    /// <summary>How many searches may run at the same time; documents by id have a thread of their own. 1 to 16; 2 by default.</summary>
    public int SearchThreads
    {
        get;
        init => field = value is >= 1 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 16");
    } = 2;

    /// <summary>How long a search may take before it is given up. One second to one hour; 30 seconds by default.</summary>
    public TimeSpan SearchTimeLimit
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "one second to one hour");
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many bytes of documents one page of a search may hold; a larger one is refused. Ten thousand hits of a megabyte would end a small board's process.
    /// 64 KiB to 1 GiB; 32 MiB by default.
    /// </summary>
    public long MaxPageBytes
    {
        get;
        init => field = value is >= 65_536 and <= 1_073_741_824 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "65536 to 1073741824");
    } = 32 * 1024 * 1024;

    /// <summary>How much of the database each of the store's threads keeps in memory, in KiB. 256 to 262 144; 8 192 by default.</summary>
    public int CacheKiB
    {
        get;
        init => field = value is >= 256 and <= 262_144 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "256 to 262144");
    } = 8192;
}
