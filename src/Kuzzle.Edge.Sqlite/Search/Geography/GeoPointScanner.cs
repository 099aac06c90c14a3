using System.Buffers.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>Reads the points of a field while its document is read: an object, a text, <c>[lon, lat]</c>, or an array of these.</summary>
internal static class GeoPointScanner
{
    /// <summary>From the value's first token to its last; true when one of its points passed.</summary>
    public static bool AnyPoint(ref Utf8JsonReader reader, ValueTest test)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                Span<byte> text = stackalloc byte[256];
                return reader.ValueSpan.Length <= text.Length
                    && GeoText.TryRead(text[..reader.CopyString(text)], out var written)
                    && test.Passes(FieldValue.Of(written));
            case JsonTokenType.StartObject:
                return TryReadObject(ref reader, out var place) && test.Passes(FieldValue.Of(place));
            case JsonTokenType.StartArray:
                return InArray(ref reader, test);
            default:
                return false;
        }
    }

    private static bool InArray(ref Utf8JsonReader reader, ValueTest test)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return TryReadPair(ref reader, out var pair) && test.Passes(FieldValue.Of(pair));
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            if (AnyPoint(ref reader, test)) return true;
            reader.Read();
        }

        return false;
    }

    /// <summary>Longitude first, as in GeoJSON.</summary>
    private static bool TryReadPair(ref Utf8JsonReader reader, out GeoPosition position)
    {
        Span<double> numbers = stackalloc double[2];
        var count = 0;
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && count < 2) numbers[count] = reader.GetDouble();
            else reader.Skip();
            count++;
            reader.Read();
        }

        position = new GeoPosition(numbers[1], numbers[0]);
        return count is 2 or 3 && position.IsOnEarth;
    }

    private static bool TryReadObject(ref Utf8JsonReader reader, out GeoPosition position)
    {
        var (latitude, longitude) = (double.NaN, double.NaN);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLatitude = reader.ValueTextEquals("lat"u8);
            var isLongitude = reader.ValueTextEquals("lon"u8);
            reader.Read();
            if (isLatitude) latitude = NumberOf(ref reader);
            else if (isLongitude) longitude = NumberOf(ref reader);
            else reader.Skip();
        }

        position = new GeoPosition(latitude, longitude);
        return position.IsOnEarth;
    }

    private static double NumberOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            && Utf8Parser.TryParse(reader.ValueSpan, out double number, out var consumed)
            && consumed == reader.ValueSpan.Length)
        {
            return number;
        }

        reader.Skip();
        return double.NaN;
    }
}
