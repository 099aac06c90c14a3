using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>In a box, its borders included; one whose west lies east of its east crosses the antimeridian.</summary>
internal sealed class WithinBox(double top, double left, double bottom, double right) : ValueTest
{
    public override bool Passes(FieldValue value)
    {
        if (value.Type != FieldValueType.Point) return false;
        var (latitude, longitude) = (value.Point.Latitude, value.Point.Longitude);
        if (latitude < bottom || latitude > top) return false;
        return left <= right ? longitude >= left && longitude <= right : longitude >= left || longitude <= right;
    }
}
