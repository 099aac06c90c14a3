using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>
/// Latitudes and longitudes between which a shape lies, in degrees. It runs eastwards from <see cref="West"/> for <see cref="Width"/>, at most 360,
/// so that one which crosses the antimeridian is like any other.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GeoBounds(double South, double North, double West, double Width)
{
    public static readonly GeoBounds Earth = new(-90, 90, -180, 360);

    // Meridians are nowhere shorter than 110 574 m a degree (at the equator); the margin covers what a sphere gets wrong.
    private const double LeastMetresPerDegree = 110_000;

    /// <summary>The bounds of everything within a distance of a point.</summary>
    public static GeoBounds Around(GeoPoint centre, double metres)
    {
        var degrees = metres / LeastMetresPerDegree;
        var south = centre.Latitude - degrees;
        var north = centre.Latitude + degrees;
        if (!(south > -89 && north < 89)) return Earth; // Around a pole every longitude is near; also when something is no number.

        var widest = Math.Cos(double.DegreesToRadians(centre.Latitude));
        var sin = Math.Sin(double.DegreesToRadians(degrees)) / widest;
        if (sin >= 1) return Earth;

        var half = (double.RadiansToDegrees(Math.Asin(sin)) * 1.01) + 1e-9;
        return half >= 180 ? Earth : new GeoBounds(south - 1e-9, north + 1e-9, centre.Longitude - half, 2 * half);
    }
}
