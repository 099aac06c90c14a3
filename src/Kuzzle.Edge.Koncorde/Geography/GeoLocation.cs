using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>A point to be held against many shapes: in degrees and in space.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct GeoLocation(GeoPoint point)
{
    public GeoPoint Point => point;

    public Vector3 Position { get; } = Ellipsoid.Position(point);
}
