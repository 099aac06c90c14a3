namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>The WGS84 ellipsoid: positions in space and distances along the surface, in metres.</summary>
internal static class Ellipsoid
{
    /// <summary>Half of the longest way between two points on the surface is a meridian: no distance exceeds this.</summary>
    public const double LongestDistance = 20_003_932;

    private const double EquatorialRadius = 6_378_137.0;
    private const double Flattening = 1 / 298.257223563;
    private const double PolarRadius = EquatorialRadius * (1 - Flattening);
    private const double EccentricitySquared = Flattening * (2 - Flattening);

    /// <summary>The least radius of curvature of the surface: along the meridian, at the equator.</summary>
    private const double LeastCurvatureRadius = PolarRadius * PolarRadius / EquatorialRadius;

    /// <summary>The greatest radius of curvature of the surface: at the poles.</summary>
    private const double GreatestCurvatureRadius = EquatorialRadius * EquatorialRadius / PolarRadius;

    /// <summary>The point in space: X towards longitude 0, Z towards the north pole.</summary>
    public static Vector3 Position(GeoPoint point)
    {
        var (sinLatitude, cosLatitude) = Math.SinCos(double.DegreesToRadians(point.Latitude));
        var (sinLongitude, cosLongitude) = Math.SinCos(double.DegreesToRadians(point.Longitude));
        var normal = EquatorialRadius / Math.Sqrt(1 - (EccentricitySquared * sinLatitude * sinLatitude));
        return new Vector3(normal * cosLatitude * cosLongitude, normal * cosLatitude * sinLongitude, normal * (1 - EccentricitySquared) * sinLatitude);
    }

    /// <summary>
    /// Two points whose straight line through the earth is shorter than this are certainly nearer than <paramref name="distance"/>: the surface
    /// bends nowhere more than a circle of the least radius.
    /// </summary>
    public static double CertainChord(double distance) => Chord(distance, LeastCurvatureRadius);

    /// <summary>Two points whose straight line through the earth is longer than this are certainly further apart than <paramref name="distance"/>.</summary>
    public static double PossibleChord(double distance) => (Chord(distance, GreatestCurvatureRadius) * (1 + 1e-6)) + 1e-6;

    /// <summary>
    /// The distance along the surface, by Vincenty's inverse formula. Where that does not converge, near the opposite point of the earth, by
    /// Lambert's, which is within 0.1 % there.
    /// </summary>
    public static double Distance(GeoPoint from, GeoPoint to)
    {
        var longitudes = double.DegreesToRadians(Math.IEEERemainder(to.Longitude - from.Longitude, 360));
        var (sinU1, cosU1) = ReducedLatitude(from.Latitude);
        var (sinU2, cosU2) = ReducedLatitude(to.Latitude);
        var lambda = longitudes;
        for (var round = 0; round < 200; round++)
        {
            var (sinLambda, cosLambda) = Math.SinCos(lambda);
            var across = cosU2 * sinLambda;
            var along = (cosU1 * sinU2) - (sinU1 * cosU2 * cosLambda);
            var sinSigma = Math.Sqrt((across * across) + (along * along));
            var cosSigma = (sinU1 * sinU2) + (cosU1 * cosU2 * cosLambda);
            if (sinSigma == 0) return cosSigma > 0 ? 0 : LongestDistance;

            var sigma = Math.Atan2(sinSigma, cosSigma);
            var sinAlpha = cosU1 * cosU2 * sinLambda / sinSigma;
            var cosSquaredAlpha = 1 - (sinAlpha * sinAlpha);
            var cos2SigmaM = cosSquaredAlpha > 1e-12 ? cosSigma - (2 * sinU1 * sinU2 / cosSquaredAlpha) : 0; // 0 along the equator
            var c = Flattening / 16 * cosSquaredAlpha * (4 + (Flattening * (4 - (3 * cosSquaredAlpha))));
            var previous = lambda;
            lambda = longitudes + ((1 - c) * Flattening * sinAlpha
                * (sigma + (c * sinSigma * (cos2SigmaM + (c * cosSigma * (-1 + (2 * cos2SigmaM * cos2SigmaM)))))));
            if (Math.Abs(lambda) > Math.PI) break;
            if (Math.Abs(lambda - previous) < 1e-12) return Arc(sigma, sinSigma, cosSigma, cosSquaredAlpha, cos2SigmaM);
        }

        return LambertDistance(sinU1, cosU1, sinU2, cosU2, longitudes);
    }

    private static double Arc(double sigma, double sinSigma, double cosSigma, double cosSquaredAlpha, double cos2SigmaM)
    {
        var u = cosSquaredAlpha * ((EquatorialRadius * EquatorialRadius) - (PolarRadius * PolarRadius)) / (PolarRadius * PolarRadius);
        var a = 1 + (u / 16384 * (4096 + (u * (-768 + (u * (320 - (175 * u)))))));
        var b = u / 1024 * (256 + (u * (-128 + (u * (74 - (47 * u))))));
        var square = cos2SigmaM * cos2SigmaM;
        var inner = (cosSigma * (-1 + (2 * square))) - (b / 6 * cos2SigmaM * (-3 + (4 * sinSigma * sinSigma)) * (-3 + (4 * square)));
        return PolarRadius * a * (sigma - (b * sinSigma * (cos2SigmaM + (b / 4 * inner))));
    }

    private static double LambertDistance(double sinU1, double cosU1, double sinU2, double cosU2, double longitudes)
    {
        var cosSigma = Math.Clamp((sinU1 * sinU2) + (cosU1 * cosU2 * Math.Cos(longitudes)), -1, 1);
        var sigma = Math.Acos(cosSigma);
        var sum = Math.Asin(sinU1) + Math.Asin(sinU2);
        var difference = Math.Asin(sinU2) - Math.Asin(sinU1);
        var (sinP, cosP) = Math.SinCos(sum / 2);
        var (sinQ, cosQ) = Math.SinCos(difference / 2);
        var cosHalf = Math.Cos(sigma / 2);
        var sinHalf = Math.Sin(sigma / 2);
        var x = cosHalf == 0 ? 0 : (sigma - Math.Sin(sigma)) * Square(sinP * cosQ / cosHalf);
        var y = sinHalf == 0 ? 0 : (sigma + Math.Sin(sigma)) * Square(cosP * sinQ / sinHalf);
        return Math.Clamp(EquatorialRadius * (sigma - (Flattening / 2 * (x + y))), 0, LongestDistance);
    }

    private static double Chord(double distance, double radius) => 2 * radius * Math.Sin(Math.Min(distance / (2 * radius), Math.PI / 2));

    private static (double Sin, double Cos) ReducedLatitude(double degrees)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        var reduced = (1 - Flattening) * sin;
        var length = Math.Sqrt((reduced * reduced) + (cos * cos));
        return (reduced / length, cos / length);
    }

    private static double Square(double value) => value * value;
}
