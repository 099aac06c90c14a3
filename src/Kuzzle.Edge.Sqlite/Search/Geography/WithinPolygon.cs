using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>In a polygon on the map of latitudes and longitudes, its borders included.</summary>
internal sealed class WithinPolygon(IReadOnlyList<GeoPosition> corners) : ValueTest
{
    public override bool Passes(FieldValue value) => value.Type == FieldValueType.Point && Contains(value.Point);

    private bool Contains(GeoPosition point)
    {
        var inside = false;
        for (int i = 0, j = corners.Count - 1; i < corners.Count; j = i++)
        {
            var (from, to) = (corners[j], corners[i]);
            if (IsOnEdge(point, from, to)) return true;
            if (from.Latitude > point.Latitude == to.Latitude > point.Latitude) continue;
            var crossing = from.Longitude + ((point.Latitude - from.Latitude) / (to.Latitude - from.Latitude) * (to.Longitude - from.Longitude));
            if (point.Longitude < crossing) inside = !inside;
        }

        return inside;
    }

    private static bool IsOnEdge(GeoPosition point, GeoPosition from, GeoPosition to)
    {
        var cross = ((to.Longitude - from.Longitude) * (point.Latitude - from.Latitude)) - ((to.Latitude - from.Latitude) * (point.Longitude - from.Longitude));
        return Math.Abs(cross) < 1e-12
            && point.Longitude >= Math.Min(from.Longitude, to.Longitude) && point.Longitude <= Math.Max(from.Longitude, to.Longitude)
            && point.Latitude >= Math.Min(from.Latitude, to.Latitude) && point.Latitude <= Math.Max(from.Latitude, to.Latitude);
    }
}
