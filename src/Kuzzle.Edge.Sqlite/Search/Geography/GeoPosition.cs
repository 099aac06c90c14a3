namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>A place on the earth, in degrees.</summary>
internal readonly record struct GeoPosition(double Latitude, double Longitude)
{
    /// <summary>The radius that Elasticsearch's arcs are measured on, in metres.</summary>
    private const double EarthRadius = 6_371_008.7714;

    public bool IsOnEarth => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;

    /// <summary>Metres on a sphere.</summary>
    public double DistanceTo(GeoPosition other)
    {
        var (north, otherNorth) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var halfLatitudes = Math.Sin((otherNorth - north) / 2);
        var halfLongitudes = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var square = (halfLatitudes * halfLatitudes) + (Math.Cos(north) * Math.Cos(otherNorth) * halfLongitudes * halfLongitudes);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(square)));
    }
}
