namespace Kuzzle.Edge.Sqlite;

/// <summary>When an acknowledged write has reached the disk.</summary>
public enum StorageDurability
{
    /// <summary>Before it is acknowledged: every group of writes ends with an fsync.</summary>
    Full,

    /// <summary>At most a second later: spares an SD card, and a power cut may take the last second with it. The file stays sound.</summary>
    Relaxed,
}
