namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>That there is one.</summary>
internal sealed class AnyValue : ValueTest
{
    public override bool Passes(FieldValue value) => true;
}
