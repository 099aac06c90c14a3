namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>What is computed of the numbers of a field.</summary>
internal enum Metric
{
    /// <summary>The smallest.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,

    /// <summary>Their mean.</summary>
    Avg,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Count, min, max, avg and sum.</summary>
    Stats,
}
