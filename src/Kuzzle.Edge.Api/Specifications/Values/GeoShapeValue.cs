using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>geo_shape</c>: GeoJSON, and Elasticsearch's <c>envelope</c> and <c>circle</c>; some or all shapes.</summary>
internal sealed class GeoShapeValue(IReadOnlyList<string> allowed) : ValueRule
{
    /// <summary>The shapes there are.</summary>
    public static readonly IReadOnlyList<string> Shapes =
        ["point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon", "geometrycollection", "envelope", "circle"];

    public override string? FindFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return "The shape must be an object.";
        if (!value.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) return "The shape object has no \"type\" property.";

        var shape = type.GetString()!;
        if (!allowed.Contains(shape, StringComparer.Ordinal)) return $"The provided shape type \"{shape}\" is not accepted; accepted: {string.Join(", ", allowed)}.";
        if (shape == "geometrycollection") return FindCollectionFault(value);
        if (!value.TryGetProperty("coordinates", out var coordinates)) return "The shape object has no \"coordinates\" property.";

        return AreCoordinates(shape, coordinates) && (shape != "circle" || value.TryGetProperty("radius", out _)) ? null : $"Invalid coordinates of a {shape}.";
    }

    private string? FindCollectionFault(JsonElement value)
    {
        if (!value.TryGetProperty("geometries", out var geometries) || geometries.ValueKind != JsonValueKind.Array) return "The shape object has no \"geometries\" property.";
        return geometries.EnumerateArray().Select(FindFault).FirstOrDefault(fault => fault is not null);
    }

    private static bool AreCoordinates(string shape, JsonElement coordinates) => shape switch
    {
        "point" or "circle" => IsPosition(coordinates),
        "multipoint" => All(coordinates, 1, IsPosition),
        "linestring" => All(coordinates, 2, IsPosition),
        "multilinestring" => All(coordinates, 1, line => All(line, 2, IsPosition)),
        "polygon" => All(coordinates, 1, IsRing),
        "multipolygon" => All(coordinates, 1, polygon => All(polygon, 1, IsRing)),
        _ => All(coordinates, 2, IsPosition) && coordinates.GetArrayLength() == 2,
    };

    /// <summary>A ring ends where it began.</summary>
    private static bool IsRing(JsonElement ring) => All(ring, 4, IsPosition) && JsonElement.DeepEquals(ring[0], ring[ring.GetArrayLength() - 1]);

    /// <summary>GeoJSON's order: longitude, latitude.</summary>
    private static bool IsPosition(JsonElement position) =>
        position.ValueKind == JsonValueKind.Array
        && position.GetArrayLength() is 2 or 3
        && position[0].ValueKind == JsonValueKind.Number && Math.Abs(position[0].GetDouble()) <= 180
        && position[1].ValueKind == JsonValueKind.Number && Math.Abs(position[1].GetDouble()) <= 90;

    private static bool All(JsonElement list, int least, Func<JsonElement, bool> test) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() >= least && list.EnumerateArray().All(test);
}
