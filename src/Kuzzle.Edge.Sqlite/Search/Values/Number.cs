using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>A JSON number: a whole one exactly, as long as it fits 64 bits, else the nearest double.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Number : IEquatable<Number>
{
    private readonly long _whole;
    private readonly double _real;

    public Number(long whole)
    {
        _whole = whole;
        _real = whole;
        IsWhole = true;
    }

    /// <summary>Any number but NaN, which JSON does not have.</summary>
    public Number(double real)
    {
        // -2^63 and 2^63 are doubles; what lies between them and has no fraction is a long.
        if (real >= -9223372036854775808.0 && real < 9223372036854775808.0 && Math.Truncate(real) == real)
        {
            IsWhole = true;
            _whole = (long)real;
        }

        _real = real;
    }

    public bool IsWhole { get; }

    public long Whole => _whole;

    public double Real => _real;

    public static bool TryParse(ReadOnlySpan<byte> utf8, out Number number)
    {
        number = default;
        if (utf8.IsEmpty) return false;
        if (Utf8Parser.TryParse(utf8, out long whole, out var consumed) && consumed == utf8.Length)
        {
            number = new Number(whole);
            return true;
        }

        if (!double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) || !double.IsFinite(real)) return false;
        number = new Number(real);
        return true;
    }

    // A number that is not whole lies strictly between two longs or beyond them all, so its double decides exactly.
    public int OrderAgainst(Number other) => IsWhole && other.IsWhole ? _whole.CompareTo(other._whole) : CompareMixed(other);

    public bool Equals(Number other) => OrderAgainst(other) == 0;

    public override bool Equals(object? obj) => obj is Number other && Equals(other);

    public override int GetHashCode() => IsWhole ? _whole.GetHashCode() : _real.GetHashCode();

    private int CompareMixed(Number other)
    {
        if (!IsWhole && !other.IsWhole) return _real.CompareTo(other._real);
        if (!IsWhole) return -other.CompareMixed(this);

        // This is whole and the other is not: below 2^53 its double is exact, and above there are no fractions, only what exceeds every long.
        return _real.CompareTo(other._real);
    }
}
