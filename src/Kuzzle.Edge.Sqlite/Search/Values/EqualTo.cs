namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>The same value, of the same type.</summary>
internal sealed class EqualTo(QueryValue wanted) : ValueTest
{
    public QueryValue Wanted => wanted;

    public override bool Passes(FieldValue value) => value.OrderAgainst(wanted.View) == 0;
}
