using System.Globalization;
using System.Text;
using Kuzzle.Edge.Koncorde.Conditions;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>Everything between two distances from a point; a circle when the inner one is absent.</summary>
internal sealed class GeoRing : GeoShape
{
    private readonly GeoPoint _centre;
    private readonly Vector3 _position;
    private readonly double? _inner;
    private readonly double _outer;

    // Squares of straight lines through the earth: most points are settled by them, only those near a border need the surface.
    private readonly double _outerCertain;
    private readonly double _outerPossible;
    private readonly double _innerCertain;
    private readonly double _innerPossible;

    public GeoRing(GeoPoint centre, double? inner, double outer)
    {
        _centre = centre;
        _position = Ellipsoid.Position(centre);
        _inner = inner;
        _outer = outer;
        _outerCertain = Square(Ellipsoid.CertainChord(outer));
        _outerPossible = Square(Ellipsoid.PossibleChord(outer));
        _innerCertain = Square(Ellipsoid.CertainChord(inner ?? 0));
        _innerPossible = Square(Ellipsoid.PossibleChord(inner ?? 0));
        Bounds = GeoBounds.Around(centre, outer);
    }

    public override GeoBounds Bounds { get; }

    public override bool Contains(in GeoLocation location)
    {
        var line = location.Position - _position;
        var square = line.Dot(line);
        if (_outer < Ellipsoid.LongestDistance && square > _outerPossible) return false;
        if (_inner > 0 && square < _innerCertain) return false;

        var isWithinOuter = _outer >= Ellipsoid.LongestDistance || square < _outerCertain;
        var isBeyondInner = _inner is null or <= 0 || square > _innerPossible;
        if (isWithinOuter && isBeyondInner) return true;

        var distance = Ellipsoid.Distance(_centre, location.Point);
        return distance <= _outer && (_inner is null || distance >= _inner);
    }

    public override void AppendTo(StringBuilder output, string field)
    {
        output.Append(_inner is null ? "{\"geoDistance\":{" : "{\"geoDistanceRange\":{").Append(field)
            .Append(":[").Append(Scalar.Format(_centre.Latitude)).Append(',').Append(Scalar.Format(_centre.Longitude)).Append(']');
        if (_inner is { } inner) output.Append(",\"from\":\"").Append(Metres(inner)).Append("\",\"to\":\"");
        else output.Append(",\"distance\":\"");
        output.Append(Metres(_outer)).Append("\"}}");
    }

    // A distance has no exponent in this language, so where there would be one, every digit is written.
    private static string Metres(double distance)
    {
        var text = distance.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal)) text = distance.ToString("0." + new string('#', 330), CultureInfo.InvariantCulture);
        return text + "m";
    }

    private static double Square(double value) => value * value;
}
