using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Hands on every value that it is shown.</summary>
internal sealed class ValueSink(ValueSink.Receiver receive) : ValueTest
{
    /// <summary>Takes one value, valid during the call.</summary>
    public delegate void Receiver(FieldValue value);

    /// <summary>Never passes: all values must be seen.</summary>
    public override bool Passes(FieldValue value)
    {
        receive(value);
        return false;
    }
}
