namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>One aggregation of a search, read and checked. Immutable.</summary>
internal abstract class Aggregation(string name)
{
    public string Name => name;

    /// <summary>Something that sees documents and answers in the end. Several at a time where the aggregation lies within buckets.</summary>
    public abstract Collector Collect(AggregationRun run);
}
