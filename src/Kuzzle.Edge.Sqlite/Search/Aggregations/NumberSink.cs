using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Hands on the numbers among the values that it is shown; booleans are 0 and 1.</summary>
internal sealed class NumberSink(Action<double> add) : ValueTest
{
    /// <summary>Never passes: all values must be seen.</summary>
    public override bool Passes(FieldValue value)
    {
        if (value.Type is FieldValueType.Number or FieldValueType.Boolean) add(value.Number.Real);
        return false;
    }
}
