using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>
/// Reads a distance such as <c>"1 000,5 km"</c>: digits, spaces anywhere, comma or point before the decimals, a sign that does not count, and a unit,
/// which is required. Its case does not count either, so <c>Mm</c> is a millimetre.
/// </summary>
internal static class DistanceReader
{
    private const double Foot = 0.3048;
    private const double Inch = 0.0254;
    private const double Yard = 0.9144;
    private const double Mile = 1609.34;

    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.");

    // Longest first, so that "meters" is not taken for an "s" too many.
    private static readonly (string Name, double Metres)[] Units =
    [
        ("meters", 1), ("inches", Inch), ("meter", 1), ("feets", Foot), ("inchs", Inch), ("yards", Yard), ("miles", Mile), ("feet", Foot), ("inch", Inch),
        ("yard", Yard), ("mile", Mile), ("ft", Foot), ("in", Inch), ("yd", Yard), ("mi", Mile), ("m", 1),
    ];

    private static readonly FrozenDictionary<string, double> ShortPrefixes = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["da"] = 1e1,
        ["h"] = 1e2,
        ["k"] = 1e3,
        ["d"] = 1e-1,
        ["c"] = 1e-2,
        ["m"] = 1e-3,
        ["mu"] = 1e-6,
        ["n"] = 1e-9,
        ["p"] = 1e-12,
        ["f"] = 1e-15,
        ["a"] = 1e-18,
        ["z"] = 1e-21,
        ["y"] = 1e-24,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, double> LongPrefixes = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["deka"] = 1e1,
        ["hecto"] = 1e2,
        ["kilo"] = 1e3,
        ["mega"] = 1e6,
        ["giga"] = 1e9,
        ["tera"] = 1e12,
        ["peta"] = 1e15,
        ["exa"] = 1e18,
        ["yotta"] = 1e24,
        ["deci"] = 1e-1,
        ["centi"] = 1e-2,
        ["milli"] = 1e-3,
        ["micro"] = 1e-6,
        ["nano"] = 1e-9,
        ["pico"] = 1e-12,
        ["femto"] = 1e-15,
        ["atto"] = 1e-18,
        ["zepto"] = 1e-21,
        ["yocto"] = 1e-24,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryRead(string text, out double metres)
    {
        metres = 0;
        var plain = string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter) && letter is not ('-' or '\uFEFF'))).Replace(',', '.');
        if (plain.StartsWith('+')) plain = plain[1..];

        var length = plain.AsSpan().IndexOfAnyExcept(NumberLetters);
        if (length <= 0 || !TryReadNumber(plain[..length], out var number)) return false;
        if (!TryReadUnit(plain[length..].ToLowerInvariant(), out var unit)) return false;

        metres = number * unit;
        return double.IsFinite(metres);
    }

    /// <summary>Groups of digits between points; what follows a second point does not count.</summary>
    private static bool TryReadNumber(string text, out double number)
    {
        number = 0;
        var groups = text.Split('.');
        if (groups.Skip(1).Any(static group => group.Length == 0)) return false;

        var significant = groups.Length == 1 ? groups[0] : $"{groups[0]}.{groups[1]}";
        return double.TryParse(significant, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryReadUnit(string text, out double metres)
    {
        metres = 0;
        if (text is "min") return false; // minutes, not thousandths of an inch

        foreach (var (name, size) in Units)
        {
            if (!text.EndsWith(name, StringComparison.Ordinal)) continue;

            var factor = 1.0;
            var prefix = text[..^name.Length];
            if (prefix.Length > 0 && !(text.Length <= 3 ? ShortPrefixes : LongPrefixes).TryGetValue(prefix, out factor)) continue;

            metres = size * factor;
            return true;
        }

        return false;
    }
}
