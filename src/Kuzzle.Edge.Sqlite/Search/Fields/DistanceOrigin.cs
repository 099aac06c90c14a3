using Kuzzle.Edge.Sqlite.Search.Geography;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>From where distances are measured (of several points, from the nearest), and how many metres the unit has.</summary>
internal sealed record DistanceOrigin(IReadOnlyList<GeoPosition> Points, double Unit)
{
    public double DistanceTo(GeoPosition point) => Points.Min(origin => origin.DistanceTo(point)) / Unit;
}
