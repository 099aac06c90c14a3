namespace Kuzzle.Edge.Api.Documents;

/// <summary>How much room there is for documents.</summary>
/// <param name="TotalBytes">The size of the disk.</param>
/// <param name="FreeBytes">What can still be written: what is free on the disk, and what deleted documents have left in the database.</param>
public readonly record struct StorageSpace(long TotalBytes, long FreeBytes)
{
    /// <summary>How full it is, 0 to 100.</summary>
    public double UsedPercent => TotalBytes <= 0 ? 0 : 100.0 * Math.Max(0, TotalBytes - FreeBytes) / TotalBytes;
}
