namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>How a database file is used.</summary>
/// <param name="Durability">When a commit is on the disk.</param>
/// <param name="CacheKiB">How much of it is kept in memory.</param>
/// <param name="CheckpointPages">
/// At how many pages the write-ahead log is taken into the database. More writes a page that changes often less often, and lets the log grow that much.
/// </param>
internal readonly record struct DatabaseSettings(StorageDurability Durability, int CacheKiB, int CheckpointPages);
