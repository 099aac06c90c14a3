using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>Earth-centred coordinates in metres, or a direction. The base library's own vector has single precision: half a metre here.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Vector3(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public static Vector3 operator -(Vector3 left, Vector3 right) => new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

    public static Vector3 operator +(Vector3 left, Vector3 right) => new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

    public double Dot(Vector3 other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public Vector3 Cross(Vector3 other) =>
        new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    public Vector3 Normalised()
    {
        var length = Length;
        return new Vector3(X / length, Y / length, Z / length);
    }
}
