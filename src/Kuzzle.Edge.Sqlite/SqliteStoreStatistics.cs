namespace Kuzzle.Edge.Sqlite;

/// <summary>How a store is doing, since it was opened.</summary>
/// <param name="Commits">Transactions committed.</param>
/// <param name="Operations">Operations in them: divided by the commits, how many shared an fsync.</param>
/// <param name="WaitingWrites">Writes that wait for the disk now.</param>
/// <param name="FullQueueWaits">How often a sender had to wait because the queue of writes was full.</param>
/// <param name="WaitingReads">Reads that wait for a thread now.</param>
public sealed record SqliteStoreStatistics(long Commits, long Operations, int WaitingWrites, long FullQueueWaits, int WaitingReads);
