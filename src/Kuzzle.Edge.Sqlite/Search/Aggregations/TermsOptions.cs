namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>What a <c>terms</c> aggregation says.</summary>
internal sealed record TermsOptions
{
    /// <summary>How many buckets the answer shows.</summary>
    public int Size { get; init; } = 10;

    /// <summary>How many documents a bucket needs to be shown.</summary>
    public long MinDocCount { get; init; } = 1;

    public IReadOnlyList<BucketOrder> Order { get; init; } = [new("_count", Descending: true), new("_key", Descending: false)];

    public TermFilter? Include { get; init; }

    public TermFilter? Exclude { get; init; }
}
