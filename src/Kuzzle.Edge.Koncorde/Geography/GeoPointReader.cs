using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>Reads the many spellings of a point, latitude first: a pair, <c>"lat, lon"</c>, <c>{lat, lon}</c>, a geohash, or one of these in <c>latLon</c>.</summary>
internal static class GeoPointReader
{
    private const string GeohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz";

    private static readonly SearchValues<char> LowerAlphanumerics = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    // A number is short; what is longer is no coordinate, and costs nothing to refuse.
    private const int MaxTextLength = 256;

    public static bool TryRead(JsonElement element, out GeoPoint point) => element.ValueKind switch
    {
        JsonValueKind.Array => TryReadPair(element, out point),
        JsonValueKind.String => TryReadText(ShortText(element), out point),
        JsonValueKind.Object => TryReadObject(element, out point),
        _ => Fail(out point),
    };

    public static bool TryRead(Utf8Text text, out GeoPoint point) =>
        text.Span.Length <= MaxTextLength ? TryReadText(text.ToString(), out point) : Fail(out point);

    /// <summary>Reads a number, or a text that begins with one.</summary>
    public static bool TryReadNumber(JsonElement element, out double number)
    {
        number = double.NaN;
        if (element.ValueKind == JsonValueKind.Number) number = element.GetDouble();
        else if (element.ValueKind == JsonValueKind.String) number = LeadingNumber(ShortText(element));
        return double.IsFinite(number);
    }

    private static bool TryReadObject(JsonElement element, out GeoPoint point)
    {
        if (TryReadLatLon(element, out point, out var isPoint)) return isPoint;
        if (!JsonText.TryGetMember(element, "lat_lon"u8, out var inner) && !JsonText.TryGetMember(element, "latLon"u8, out inner)) return Fail(out point);

        return inner.ValueKind switch
        {
            JsonValueKind.Array => TryReadPair(inner, out point),
            JsonValueKind.String => TryReadText(ShortText(inner), out point),
            JsonValueKind.Object => TryReadLatLon(inner, out point, out isPoint) && isPoint,
            _ => Fail(out point),
        };
    }

    /// <summary>True when both members are there, whatever they hold.</summary>
    private static bool TryReadLatLon(JsonElement element, out GeoPoint point, out bool isPoint)
    {
        isPoint = false;
        point = default;
        if (!JsonText.TryGetMember(element, "lat"u8, out var latitude) || !JsonText.TryGetMember(element, "lon"u8, out var longitude)) return false;

        isPoint = TryMake(latitude, longitude, out point);
        return true;
    }

    private static bool TryReadPair(JsonElement pair, out GeoPoint point) =>
        pair.GetArrayLength() == 2 ? TryMake(pair[0], pair[1], out point) : Fail(out point);

    private static bool TryReadText(ReadOnlySpan<char> text, out GeoPoint point)
    {
        var comma = text.IndexOf(',');
        if (comma < 0) return TryReadGeohash(text, out point);

        point = new GeoPoint(LeadingNumber(text[..comma]), LeadingNumber(text[(comma + 1)..]));
        return !text[(comma + 1)..].Contains(',') && double.IsFinite(point.Latitude) && double.IsFinite(point.Longitude);
    }

    private static bool TryReadGeohash(ReadOnlySpan<char> text, out GeoPoint point)
    {
        point = default;
        if (text.Length < 4 || text.ContainsAnyExcept(LowerAlphanumerics)) return false;

        double south = -90, north = 90, west = -180, east = 180;
        var isLongitude = true;
        foreach (var digit in text)
        {
            var value = Math.Max(GeohashDigits.IndexOf(digit, StringComparison.Ordinal), 0); // a, i, l and o are no digits; they read as 0
            for (var bit = 16; bit > 0; bit >>= 1, isLongitude = !isLongitude)
            {
                if (isLongitude) Halve(ref west, ref east, (value & bit) != 0);
                else Halve(ref south, ref north, (value & bit) != 0);
            }
        }

        point = new GeoPoint((south + north) / 2, (west + east) / 2);
        return true;
    }

    private static void Halve(ref double low, ref double high, bool isUpperHalf)
    {
        var middle = (low + high) / 2;
        if (isUpperHalf) low = middle;
        else high = middle;
    }

    private static bool TryMake(JsonElement latitude, JsonElement longitude, out GeoPoint point)
    {
        var isPoint = TryReadNumber(latitude, out var north) & TryReadNumber(longitude, out var east);
        point = new GeoPoint(north, east);
        return isPoint;
    }

    private static string ShortText(JsonElement element)
    {
        var raw = JsonText.RawContent(element);
        return raw.Length > MaxTextLength ? string.Empty : JsonText.Unescape(raw).ToString();
    }

    /// <summary>The number that a text begins with, spaces before it aside; NaN when there is none.</summary>
    private static double LeadingNumber(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var length = SkipSign(text, 0);
        var digits = SkipDigits(text, length);
        var hasDigits = digits > length;
        length = digits;
        if (length < text.Length && text[length] == '.')
        {
            digits = SkipDigits(text, length + 1);
            hasDigits |= digits > length + 1;
            length = digits;
        }

        if (!hasDigits) return double.NaN;

        if (length < text.Length && text[length] is 'e' or 'E')
        {
            var exponent = SkipSign(text, length + 1);
            digits = SkipDigits(text, exponent);
            if (digits > exponent) length = digits;
        }

        return double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static int SkipSign(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is '+' or '-' ? at + 1 : at;

    private static int SkipDigits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at;
    }

    private static bool Fail(out GeoPoint point)
    {
        point = default;
        return false;
    }
}
