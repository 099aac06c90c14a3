using System.Text;
using Kuzzle.Edge.Koncorde.Conditions;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>
/// The inside of a closed line of great ellipses, which follow the geodesics of the ellipsoid to well under a part in ten thousand. Inside is where
/// the line winds around, whichever way.
/// </summary>
internal sealed class GeoPolygon : GeoShape
{
    /// <summary>How near to an edge counts as on it, in radians: half a millimetre on the ground, what rounding can move a point by.</summary>
    private const double EdgeTolerance = 1e-10;

    /// <summary>In radians. A little less than a hemisphere: beyond, a corner's cap no longer holds the edges.</summary>
    private const double WidestCap = 1.5;

    private readonly GeoPoint[] _points;
    private readonly Vector3[] _directions;

    // The cap that holds the polygon: seen from the other end of the earth, its outline winds as well.
    private readonly Vector3 _middle;
    private readonly double _cosine;

    public GeoPolygon(GeoPoint[] points)
    {
        _points = points;
        _directions = Array.ConvertAll(points, static point => Ellipsoid.Position(point).Normalised());
        (_middle, var angle) = Surround();
        _cosine = Math.Cos(angle) - EdgeTolerance;
        Bounds = BoundsOf(_middle, angle);
    }

    public override GeoBounds Bounds { get; }

    public override bool Contains(in GeoLocation location)
    {
        var here = location.Position.Normalised();
        if (here.Dot(_middle) < _cosine) return false;

        var (east, north) = FrameAt(here);
        var winding = 0;
        var previous = _directions[^1];
        foreach (var next in _directions)
        {
            if (IsOnEdge(here, previous, next)) return true;

            winding += Sweep(previous.Dot(east), previous.Dot(north), next.Dot(east), next.Dot(north));
            previous = next;
        }

        return winding != 0;
    }

    public override void AppendTo(StringBuilder output, string field)
    {
        output.Append("{\"geoPolygon\":{").Append(field).Append(":{\"points\":[");
        for (var i = 0; i < _points.Length; i++)
        {
            if (i > 0) output.Append(',');
            output.Append('[').Append(Scalar.Format(_points[i].Latitude)).Append(',').Append(Scalar.Format(_points[i].Longitude)).Append(']');
        }

        output.Append("]}}}");
    }

    /// <summary>Two directions along the surface, at right angles.</summary>
    private static (Vector3 East, Vector3 North) FrameAt(Vector3 here)
    {
        var axis = Math.Abs(here.Z) < 0.9 ? new Vector3(0, 0, 1) : new Vector3(1, 0, 0);
        var east = axis.Cross(here).Normalised();
        return (east, here.Cross(east));
    }

    /// <summary>
    /// Whether the line of sight to an edge, swept from its begin to its end, passes the eastern axis: 1 to the left, -1 to the right. The bearing of
    /// a point is that of its projection, and an edge is less than half a circle, so the straight line between the projections sweeps the same way.
    /// </summary>
    private static int Sweep(double fromEast, double fromNorth, double toEast, double toNorth)
    {
        var turn = (fromEast * toNorth) - (toEast * fromNorth);
        if (fromNorth <= 0) return toNorth > 0 && turn > 0 ? 1 : 0;

        return toNorth <= 0 && turn < 0 ? -1 : 0;
    }

    private static bool IsOnEdge(Vector3 here, Vector3 from, Vector3 to)
    {
        var normal = from.Cross(to);
        var length = normal.Length;
        if (length < EdgeTolerance) return (here - from).Length < EdgeTolerance;
        if (Math.Abs(here.Dot(normal)) > EdgeTolerance * length) return false;

        return normal.Cross(from).Dot(here) >= -EdgeTolerance && to.Cross(normal).Dot(here) >= -EdgeTolerance;
    }

    /// <summary>A cap around all corners; one of less than a hemisphere holds all edges too.</summary>
    private (Vector3 Middle, double Angle) Surround()
    {
        var sum = default(Vector3);
        foreach (var direction in _directions) sum += direction;
        if (!(sum.Length > 1e-9)) return (new Vector3(0, 0, 1), Math.PI);

        var middle = sum.Normalised();
        var angle = 0.0;
        foreach (var direction in _directions) angle = Math.Max(angle, Math.Acos(Math.Clamp(middle.Dot(direction), -1, 1)));
        return (middle, angle < WidestCap ? angle : Math.PI);
    }

    private static GeoBounds BoundsOf(Vector3 middle, double angle)
    {
        if (!(angle < WidestCap)) return GeoBounds.Earth;

        var centre = new GeoPoint(double.RadiansToDegrees(Math.Asin(middle.Z)), double.RadiansToDegrees(Math.Atan2(middle.Y, middle.X)));
        var bounds = GeoBounds.Around(centre, double.RadiansToDegrees(angle) * 112_000);

        // Directions from the earth's centre are up to 0.2° off the latitudes of maps.
        return bounds == GeoBounds.Earth ? bounds : bounds with { South = bounds.South - 0.2, North = bounds.North + 0.2 };
    }
}
