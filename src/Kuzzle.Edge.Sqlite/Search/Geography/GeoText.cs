using System.Buffers.Text;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>Points written as text: <c>lat,lon</c>, <c>POINT (lon lat)</c>, or a geohash.</summary>
internal static class GeoText
{
    private static ReadOnlySpan<byte> Digits => "0123456789bcdefghjkmnpqrstuvwxyz"u8;

    public static bool TryRead(ReadOnlySpan<byte> text, out GeoPosition position)
    {
        position = default;
        text = text.Trim((byte)' ');
        var comma = text.IndexOf((byte)',');
        if (comma >= 0) return TryMake(text[..comma], text[(comma + 1)..], out position);
        return IsWellKnownText(text) ? TryReadWellKnown(text[5..].Trim((byte)' '), out position) : TryReadHash(text, out position);
    }

    private static bool IsWellKnownText(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> point = "point"u8;
        if (text.Length < point.Length + 2) return false;
        for (var i = 0; i < point.Length; i++)
        {
            if ((text[i] | 0x20) != point[i]) return false;
        }

        return true;
    }

    private static bool TryReadWellKnown(ReadOnlySpan<byte> text, out GeoPosition position)
    {
        position = default;
        if (text is not [(byte)'(', .., (byte)')']) return false;
        var inner = text[1..^1].Trim((byte)' ');
        var space = inner.IndexOf((byte)' ');
        return space > 0 && TryMake(inner[(space + 1)..], inner[..space], out position);
    }

    private static bool TryMake(ReadOnlySpan<byte> latitude, ReadOnlySpan<byte> longitude, out GeoPosition position)
    {
        position = default;
        if (!TryNumber(latitude.Trim((byte)' '), out var north) || !TryNumber(longitude.Trim((byte)' '), out var east)) return false;
        position = new GeoPosition(north, east);
        return position.IsOnEarth;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out double number) =>
        Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length && double.IsFinite(number);

    private static bool TryReadHash(ReadOnlySpan<byte> text, out GeoPosition position)
    {
        position = default;
        if (text.Length is 0 or > 12) return false;
        double south = -90, north = 90, west = -180, east = 180;
        var isLongitude = true;
        foreach (var letter in text)
        {
            var value = Digits.IndexOf(letter);
            if (value < 0) return false;
            for (var bit = 16; bit > 0; bit >>= 1, isLongitude = !isLongitude)
            {
                if (isLongitude) Halve(ref west, ref east, (value & bit) != 0);
                else Halve(ref south, ref north, (value & bit) != 0);
            }
        }

        position = new GeoPosition((south + north) / 2, (west + east) / 2);
        return true;
    }

    private static void Halve(ref double low, ref double high, bool isUpperHalf)
    {
        var middle = (low + high) / 2;
        if (isUpperHalf) low = middle;
        else high = middle;
    }
}
