using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>Reads a box: <c>top, left, bottom, right</c>, or two corners as points.</summary>
internal static class GeoBoxReader
{
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out GeoBox? box, [NotNullWhen(false)] out string? reason)
    {
        box = null;
        reason = "unrecognized geo-point format";
        if (element.ValueKind != JsonValueKind.Object) return false;

        if (TryGetSides(element, out var sides))
        {
            box = ReadSides(sides);
            if (box is null) reason = $"unrecognized geoBoundingBox format: {JsonText.Compact(element)}";
        }
        else if (TryGetCorner(element, "topLeft"u8, "top_left"u8, out var topLeft) && TryGetCorner(element, "bottomRight"u8, "bottom_right"u8, out var bottomRight))
        {
            box = new GeoBox(topLeft.Latitude, topLeft.Longitude, bottomRight.Latitude, bottomRight.Longitude);
        }

        return box is not null;
    }

    private static bool TryGetSides(JsonElement element, out JsonElement[] sides)
    {
        sides = new JsonElement[4];
        return TryGetSide(element, "top"u8, out sides[0]) && TryGetSide(element, "left"u8, out sides[1])
            && TryGetSide(element, "bottom"u8, out sides[2]) && TryGetSide(element, "right"u8, out sides[3]);
    }

    private static bool TryGetSide(JsonElement element, ReadOnlySpan<byte> name, out JsonElement side) =>
        JsonText.TryGetMember(element, name, out side) && side.ValueKind is JsonValueKind.Number or JsonValueKind.String;

    private static GeoBox? ReadSides(JsonElement[] sides)
    {
        var numbers = new double[4];
        for (var i = 0; i < sides.Length; i++)
        {
            if (!GeoPointReader.TryReadNumber(sides[i], out numbers[i])) return null;
        }

        return new GeoBox(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static bool TryGetCorner(JsonElement element, ReadOnlySpan<byte> name, ReadOnlySpan<byte> otherName, out GeoPoint point)
    {
        point = default;
        return (JsonText.TryGetMember(element, name, out var corner) || JsonText.TryGetMember(element, otherName, out corner))
            && GeoPointReader.TryRead(corner, out point);
    }
}
