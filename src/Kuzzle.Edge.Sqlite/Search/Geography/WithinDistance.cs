using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>Between two distances of a point, the borders included.</summary>
internal sealed class WithinDistance(GeoPosition centre, double least, double most) : ValueTest
{
    public override bool Passes(FieldValue value)
    {
        if (value.Type != FieldValueType.Point) return false;
        var distance = centre.DistanceTo(value.Point);
        return distance >= least && distance <= most;
    }
}
