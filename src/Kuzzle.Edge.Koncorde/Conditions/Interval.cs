using System.Runtime.InteropServices;
using System.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>
/// Numbers between two bounds, each inclusive. An exclusive bound is the neighbouring double, which is exact: there is no number between;
/// an absent bound is an infinity.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Interval(double low, double high) : IEquatable<Interval>
{
    public double Low => low;

    public double High => high;

    /// <summary>The least number above a bound; NaN, which no number reaches, above them all.</summary>
    public static double JustAbove(double bound) => double.IsPositiveInfinity(bound) ? double.NaN : Math.BitIncrement(bound);

    /// <summary>The greatest number below a bound; NaN, which no number reaches, below them all.</summary>
    public static double JustBelow(double bound) => double.IsNegativeInfinity(bound) ? double.NaN : Math.BitDecrement(bound);

    public bool Contains(double number) => number >= low && number <= high;

    public bool Equals(Interval other) => low.Equals(other.Low) && high.Equals(other.High);

    public override bool Equals(object? obj) => obj is Interval other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(low, high);

    /// <summary>The numbers that are not in it, as up to two intervals.</summary>
    public IEnumerable<Interval> Others()
    {
        var below = JustBelow(low);
        var above = JustAbove(high);
        if (!double.IsNaN(below)) yield return new Interval(double.NegativeInfinity, below);
        if (!double.IsNaN(above)) yield return new Interval(above, double.PositiveInfinity);
    }

    public void AppendTo(StringBuilder output)
    {
        output.Append('{');
        if (double.IsNegativeInfinity(low) && double.IsPositiveInfinity(high)) output.Append("\"gte\":-1e999");
        if (!double.IsNegativeInfinity(low)) output.Append("\"gte\":").Append(Scalar.Format(low));
        if (!double.IsNegativeInfinity(low) && !double.IsPositiveInfinity(high)) output.Append(',');
        if (!double.IsPositiveInfinity(high)) output.Append("\"lte\":").Append(Scalar.Format(high));
        output.Append('}');
    }
}
