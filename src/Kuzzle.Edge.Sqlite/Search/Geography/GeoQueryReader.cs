using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>Reads the points and distances of a query.</summary>
/// <exception cref="SearchRefusedException">When it is none.</exception>
internal static class GeoQueryReader
{
    private static readonly (string Name, double Metres)[] Units =
    [
        ("nauticalmiles", 1852), ("kilometers", 1000), ("centimeters", 0.01), ("millimeters", 0.001), ("meters", 1), ("inches", 0.0254), ("yards", 0.9144),
        ("miles", 1609.344), ("feet", 0.3048), ("nmi", 1852), ("NM", 1852), ("km", 1000), ("cm", 0.01), ("mm", 0.001), ("mi", 1609.344), ("yd", 0.9144),
        ("ft", 0.3048), ("in", 0.0254), ("inch", 0.0254), ("m", 1),
    ];

    /// <summary>A point in any of its spellings; an array is <c>[lon, lat]</c>.</summary>
    public static GeoPosition Point(JsonElement value, string clause)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.Undefined ? "null" : value.GetRawText()));
        var found = new FirstPoint();
        reader.Read();
        return GeoPointScanner.AnyPoint(ref reader, found)
            ? found.Position
            : throw SearchRefusedException.BadRequest($"[{clause}] failed to parse a point: {value}; use {{\"lat\": …, \"lon\": …}}, \"lat,lon\", [lon, lat] or a geohash");
    }

    /// <summary>Metres, from a number of them or a text with a unit.</summary>
    public static double Metres(JsonElement value, string clause, double unit = 1)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var metres) && double.IsFinite(metres)) return metres * unit;
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = value.GetString()!.Trim();
            foreach (var (name, length) in Units)
            {
                if (text.EndsWith(name, StringComparison.Ordinal) && TryNumber(text[..^name.Length], out var count)) return count * length;
            }

            if (TryNumber(text, out var bare)) return bare * unit;
        }

        throw SearchRefusedException.BadRequest($"[{clause}] distance {(value.ValueKind == JsonValueKind.Undefined ? "is missing" : value.GetRawText())}; use metres or a text such as \"2km\"");
    }

    /// <summary>How many metres a unit has.</summary>
    public static double Unit(JsonElement value, string clause)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        foreach (var unit in Units)
        {
            if (string.Equals(unit.Name, name, StringComparison.Ordinal)) return unit.Metres;
        }

        throw SearchRefusedException.BadRequest($"[{clause}] unit {value.GetRawText()} is none of {string.Join(", ", Units.Select(static unit => unit.Name))}");
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
