using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>Time spans as clients write them: milliseconds, or text such as <c>10s</c>, <c>1.5 hours</c>, <c>2d</c>.</summary>
internal static class Lifetime
{
    /// <summary>More milliseconds than this are no date any more: some 3 000 years.</summary>
    private const double Most = 1e14;

    private static readonly FrozenDictionary<string, double> Units = UnitsByName();

    /// <summary>The milliseconds, which may be negative; null when it is no time span.</summary>
    public static long? Parse(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var milliseconds) => Whole(milliseconds),
        JsonValueKind.String => Parse(value.GetString()!),
        _ => null,
    };

    /// <inheritdoc cref="Parse(JsonElement)"/>
    public static long? Parse(string text)
    {
        var number = text.AsSpan().TrimEnd(' ');
        var end = number.Length;
        while (end > 0 && char.IsAsciiLetter(number[end - 1])) end--;

        var unit = number[end..];
        number = number[..end].Trim(' ');
        if (!double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
        return Units.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(unit, out var worth) ? Whole(amount * worth) : null;
    }

    private static long? Whole(double milliseconds) => Math.Abs(milliseconds) <= Most ? (long)milliseconds : null;

    private static FrozenDictionary<string, double> UnitsByName()
    {
        (double Worth, string Names)[] units =
        [
            (1, " ms msec msecs millisecond milliseconds"),
            (1000, "s sec secs second seconds"),
            (60_000, "m min mins minute minutes"),
            (3_600_000, "h hr hrs hour hours"),
            (86_400_000, "d day days"),
            (7 * 86_400_000d, "w week weeks"),
            (365.25 * 86_400_000, "y yr yrs year years"),
        ];
        return units.SelectMany(unit => unit.Names.Split(' ').Select(name => (name, unit.Worth))).ToFrozenDictionary(unit => unit.name, unit => unit.Worth, StringComparer.OrdinalIgnoreCase);
    }
}
