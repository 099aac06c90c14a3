namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>What a clause asks of a value. A document matches when one value of the field passes.</summary>
internal abstract class ValueTest
{
    public abstract bool Passes(FieldValue value);
}
