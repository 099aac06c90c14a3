namespace Kuzzle.Edge.Sync.Messages;

/// <summary>How many messages may wait for the upstream; beyond, the oldest are dropped. Immutable; a value out of range throws when the record is made.</summary>
public sealed record MessageOptions
{
    /// <summary>How many may wait on the disk. 1 to 1,000,000.</summary>
    public int MaxCount
    {
        get;
        init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000000");
    } = 10_000;

    /// <summary>How many bytes of them may wait on the disk. 64 KiB to 16 GiB.</summary>
    public long MaxBytes
    {
        get;
        init => field = value is >= 64 * 1024 and <= 16L * 1024 * 1024 * 1024 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "64 KiB to 16 GiB");
    } = 32 * 1024 * 1024;
}
