namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>Between two ends, each of which may be open; only values of the ends' type. Without any end: whatever there is.</summary>
internal sealed class InRange(Bound? lower, Bound? upper) : ValueTest
{
    public Bound? Lower => lower;

    public Bound? Upper => upper;

    public override bool Passes(FieldValue value) => IsAbove(value) && IsBelow(value);

    private bool IsAbove(FieldValue value)
    {
        if (lower is null) return true;
        if (lower.Value.Type != value.Type) return false;
        var order = value.OrderAgainst(lower.Value.View);
        return order > 0 || (order == 0 && lower.Inclusive);
    }

    private bool IsBelow(FieldValue value)
    {
        if (upper is null) return true;
        if (upper.Value.Type != value.Type) return false;
        var order = value.OrderAgainst(upper.Value.View);
        return order < 0 || (order == 0 && upper.Inclusive);
    }
}
