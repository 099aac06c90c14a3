using Kuzzle.Edge.Sqlite.Search.Dates;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>What a histogram says beside its field and interval.</summary>
internal sealed record HistogramOptions
{
    /// <summary>How many documents a bucket needs to be shown; with 0 the gaps between buckets are filled.</summary>
    public long MinDocCount { get; init; }

    public bool IsKeyed { get; init; }

    /// <summary>Where the gaps begin to be filled, beyond the first bucket.</summary>
    public double? From { get; init; }

    /// <summary>Up to where the gaps are filled, beyond the last bucket.</summary>
    public double? To { get; init; }

    /// <summary>How keys are written, of dates; null for numbers.</summary>
    public DateFormat? Format { get; init; }

    public IReadOnlyList<BucketOrder> Order { get; init; } = [];
}
