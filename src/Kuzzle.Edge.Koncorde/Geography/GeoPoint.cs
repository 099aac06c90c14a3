using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>A point on the WGS84 ellipsoid, in degrees. Not bounded: longitudes wrap by 360, a latitude over 90 goes on past the pole.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GeoPoint(double Latitude, double Longitude);
