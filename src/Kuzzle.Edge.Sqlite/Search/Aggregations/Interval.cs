namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>How a histogram cuts the numbers.</summary>
internal abstract class Interval
{
    /// <summary>The start of the bucket that a number is in.</summary>
    public abstract double KeyOf(double value);

    /// <summary>The start of the bucket after that one.</summary>
    public abstract double After(double key);
}
