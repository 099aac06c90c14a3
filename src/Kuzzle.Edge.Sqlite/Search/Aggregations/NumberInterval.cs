namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Buckets of the same width.</summary>
internal sealed class NumberInterval(double width, double offset) : Interval
{
    public override double KeyOf(double value) => (Math.Floor((value - offset) / width) * width) + offset;

    public override double After(double key) => KeyOf(key + (width * 1.5));
}
