using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Space;

/// <summary>The disk as the system sees it.</summary>
internal static class SystemDisk
{
    /// <summary>What is free is what this user may write; some file systems keep a part for root.</summary>
    public static StorageSpace Measure(string directory)
    {
        var disk = new DriveInfo(directory);
        return new StorageSpace(disk.TotalSize, disk.AvailableFreeSpace);
    }
}
