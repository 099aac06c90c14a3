using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>geo_point</c>: <c>{lat, lon}</c>, <c>[lat, lon]</c>, <c>"lat, lon"</c> or a geohash.</summary>
internal sealed class GeoPointValue : ValueRule
{
    /// <summary>Twelve characters are centimetres; longer ones are typing errors.</summary>
    private const int LongestGeohash = 12;

    public override string? FindFault(JsonElement value) => IsPoint(value) ? null : "Invalid GeoPoint format";

    private static bool IsPoint(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => (Number(value, "lat") ?? Number(value, "latitude")) is { } lat && (Number(value, "lon") ?? Number(value, "longitude")) is { } lon && IsOnEarth(lat, lon),
        JsonValueKind.Array => value.GetArrayLength() == 2 && Number(value[0]) is { } lat && Number(value[1]) is { } lon && IsOnEarth(lat, lon),
        JsonValueKind.String => IsText(value.GetString()!),
        _ => false,
    };

    private static bool IsText(string text)
    {
        if (text.Split(',') is [var first, var second])
        {
            return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var lat)
                && double.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out var lon)
                && IsOnEarth(lat, lon);
        }

        return text.Length is > 0 and <= LongestGeohash && text.All(character => char.IsAsciiLetterOrDigit(character) && !"ailoAILO".Contains(character, StringComparison.Ordinal));
    }

    private static bool IsOnEarth(double lat, double lon) => Math.Abs(lat) <= 90 && Math.Abs(lon) <= 180;

    private static double? Number(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? Number(member) : null;

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
}
