namespace Kuzzle.Edge.Api.Outbox;

/// <summary>How much may wait for the upstream. Immutable; a value out of range throws when the record is made.</summary>
public sealed record OutboxBounds
{
    /// <summary>Documents and deletions. Deletions of documents that do not wait yet are let in beyond it, for each frees more than its entry takes. 100 to 100,000,000.</summary>
    public long MaxEntries
    {
        get;
        init => field = value is >= 100 and <= 100_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "100 to 100000000");
    } = 5_000_000;

    /// <summary>Bytes of the documents that wait. 64 KiB to 1 TiB.</summary>
    public long MaxBytes
    {
        get;
        init => field = value is >= 65_536 and <= 1L << 40 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "64 KiB to 1 TiB");
    } = 4L << 30;

    /// <summary>What happens beyond.</summary>
    public OutboxOverflow WhenFull { get; init; } = OutboxOverflow.Refuse;
}
