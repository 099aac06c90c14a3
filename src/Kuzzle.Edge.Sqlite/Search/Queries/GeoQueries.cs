using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Geography;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Reads the clauses about places.</summary>
/// <exception cref="SearchRefusedException">When one is wrong.</exception>
internal sealed class GeoQueries(FieldMap fields)
{
    /// <summary>More corners than anybody draws; each is looked at for each point.</summary>
    private const int MaxCorners = 10_000;

    public QueryNode Parse(string clause, JsonElement content)
    {
        JsonProperty? about = null;
        var boost = 1.0;
        foreach (var member in content.EnumerateObject())
        {
            switch (member.Name)
            {
                case "distance" or "from" or "to" or "unit" or "distance_type" or "validation_method" or "ignore_unmapped" or "type" or "_name":
                    break;
                case "boost":
                    boost = ValueReader.Real(member.Value, "boost");
                    break;
                default:
                    about = about is null
                        ? member
                        : throw SearchRefusedException.BadRequest($"[{clause}] query doesn't support multiple fields, found [{about.Value.Name}] and [{member.Name}]");
                    break;
            }
        }

        if (about is not { } given) throw SearchRefusedException.BadRequest($"[{clause}] query requires a field");
        var field = fields.Resolve(given.Name);
        if (field.Kind is not (FieldKind.Geo or FieldKind.Any or FieldKind.Hidden))
        {
            throw SearchRefusedException.BadRequest($"[{clause}] field [{field.Name}] is not a geo_point field");
        }

        if (field.Kind == FieldKind.Any) field = field with { Kind = FieldKind.Geo };
        return new FieldQuery(new FieldTest(field, Test(clause, content, given.Value)), boost);
    }

    private static ValueTest Test(string clause, JsonElement content, JsonElement place) => clause switch
    {
        "geo_distance" => new WithinDistance(GeoQueryReader.Point(place, clause), least: 0, Metres(clause, content, "distance")),
        "geo_distance_range" => new WithinDistance(GeoQueryReader.Point(place, clause), Metres(clause, content, "from"), Metres(clause, content, "to")),
        "geo_bounding_box" => Box(place),
        _ => Polygon(place),
    };

    private static double Metres(string clause, JsonElement content, string name)
    {
        var unit = content.TryGetProperty("unit", out var given) ? GeoQueryReader.Unit(given, clause) : 1;
        return GeoQueryReader.Metres(content.TryGetProperty(name, out var distance) ? distance : default, clause, unit);
    }

    private static WithinBox Box(JsonElement box)
    {
        if (box.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[geo_bounding_box] a box must be an object");
        foreach (var member in box.EnumerateObject())
        {
            if (member.Name is not ("top_left" or "bottom_right" or "top_right" or "bottom_left" or "topLeft" or "bottomRight" or "topRight" or "bottomLeft"
                or "top" or "left" or "bottom" or "right"))
            {
                throw SearchRefusedException.BadRequest($"[geo_bounding_box] failed to parse bounding box: unexpected field [{member.Name}]");
            }
        }

        if (Corner(box, "top_left", "topLeft") is { } topLeft && Corner(box, "bottom_right", "bottomRight") is { } bottomRight)
        {
            return Box(topLeft.Latitude, topLeft.Longitude, bottomRight.Latitude, bottomRight.Longitude);
        }

        if (Corner(box, "top_right", "topRight") is { } topRight && Corner(box, "bottom_left", "bottomLeft") is { } bottomLeft)
        {
            return Box(topRight.Latitude, bottomLeft.Longitude, bottomLeft.Latitude, topRight.Longitude);
        }

        return Box(Side(box, "top"), Side(box, "left"), Side(box, "bottom"), Side(box, "right"));
    }

    private static WithinBox Box(double top, double left, double bottom, double right) =>
        top >= bottom ? new WithinBox(top, left, bottom, right) : throw SearchRefusedException.BadRequest("[geo_bounding_box] top is below bottom corner");

    private static GeoPosition? Corner(JsonElement box, string name, string otherName) =>
        box.TryGetProperty(name, out var corner) || box.TryGetProperty(otherName, out corner) ? GeoQueryReader.Point(corner, "geo_bounding_box") : null;

    private static double Side(JsonElement box, string name) => box.TryGetProperty(name, out var side)
        ? ValueReader.Real(side, name)
        : throw SearchRefusedException.BadRequest("[geo_bounding_box] needs top_left and bottom_right, top_right and bottom_left, or top, left, bottom and right");

    private static WithinPolygon Polygon(JsonElement polygon)
    {
        var points = polygon.ValueKind == JsonValueKind.Object && polygon.TryGetProperty("points", out var inner) ? inner : polygon;
        if (points.ValueKind != JsonValueKind.Array || points.GetArrayLength() is < 3 or > MaxCorners)
        {
            throw SearchRefusedException.BadRequest($"[geo_polygon] [points] must be a list of 3 to {MaxCorners} points");
        }

        return new WithinPolygon([.. points.EnumerateArray().Select(static point => GeoQueryReader.Point(point, "geo_polygon"))]);
    }
}
