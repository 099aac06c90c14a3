using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>What all collectors of a search share: the scanner, and the bound on what they keep. For one thread.</summary>
internal sealed class AggregationRun(HitReader hits)
{
    /// <summary>
    /// Buckets, distinct values and kept numbers of one search, all together: about 64 MB at the worst. Elasticsearch's own bound on the buckets of an answer is 65 535.
    /// </summary>
    private const int MaxKept = 500_000;

    private int _kept;

    public FieldScanner Scanner { get; } = new();

    /// <summary>Reads the documents of <c>top_hits</c>.</summary>
    public HitReader Hits => hits;

    /// <summary>Counts what is kept, and refuses a search that keeps too much.</summary>
    public void Keep()
    {
        if (++_kept > MaxKept)
        {
            throw SearchRefusedException.BadRequest($"too_many_buckets: the aggregations of this search would keep more than {MaxKept} buckets and values; narrow the query");
        }
    }
}
