using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Sqlite;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Where documents are kept.</summary>
internal static class StorageSettings
{
    private static readonly SqliteStoreOptions Store = new() { Directory = "/var/lib/kuzzle-edge" };

    public static readonly Setting<string> Path = new("storage.path", Types.FilePath, Store.Directory, "The folder of the data. A relative path begins where the process was started.");

    public static readonly Setting<StorageDurability> Durability = new(
        "storage.durability",
        new ChoiceType<StorageDurability>(("full", StorageDurability.Full), ("relaxed", StorageDurability.Relaxed)),
        Store.Durability,
        "`full`: an answer to a write leaves when the disk has it; `relaxed`: spares an SD card, and a power cut may take the last second.");

    public static readonly Setting<int> WriteQueue = new(
        "storage.writeQueue", Types.Integer(1, 65_536), Store.WriteQueueCapacity, "How many writes may wait for the disk before senders are made to wait.");

    public static readonly Setting<int> ReadQueue = new(
        "storage.readQueue", Types.Integer(1, 65_536), Store.ReadQueueCapacity, "How many reads may wait for a thread before senders are made to wait.");

    public static readonly Setting<int> SearchThreads = new("storage.searchThreads", Types.Integer(1, 16), Store.SearchThreads, "How many searches run at once.");

    public static readonly Setting<TimeSpan> SearchTimeLimit = new(
        "storage.searchTimeLimit", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Store.SearchTimeLimit, "How long a search may take.");

    public static readonly Setting<long> Cache = new(
        "storage.cache", Types.Bytes(256 * 1024, 256 * 1024 * 1024), Store.CacheKiB * 1024L, "How much of the database each thread of the store keeps in memory.");

    public static readonly Setting<long> DiskReserve = new(
        "storage.diskReserve", Types.Bytes(0, 1L << 40), Store.DiskReserve, "How much of the disk is left alone: with less, documents are refused, and deletions go on. 0: no limit.");

    public static IReadOnlyList<Setting> All { get; } = [Path, Durability, WriteQueue, ReadQueue, SearchThreads, SearchTimeLimit, Cache, DiskReserve];
}
