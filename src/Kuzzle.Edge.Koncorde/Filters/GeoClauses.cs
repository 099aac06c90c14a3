using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Geography;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>Reads the clauses on places: <c>geoBoundingBox</c>, <c>geoDistance</c>, <c>geoDistanceRange</c> and <c>geoPolygon</c>.</summary>
internal sealed class GeoClauses(ParseState state)
{
    public Expression? ParseDistance(JsonElement argument, bool isNegated)
    {
        if (!state.RequireMembers(argument, 2) || !RequireMember(argument, "distance"u8)) return null;
        if (!state.TryGetText(argument, "distance"u8, out var distance)) return null;

        var place = argument.EnumerateObject().First(static member => !JsonText.IsNamed(member, "distance"u8));
        if (!TryReadPoint(place, out var centre) || !TryReadDistance(distance, out var radius)) return null;

        return Count(place, new GeoRing(centre, inner: null, radius), isNegated);
    }

    public Expression? ParseDistanceRange(JsonElement argument, bool isNegated)
    {
        if (!state.RequireMembers(argument, 3) || !RequireMember(argument, "from"u8) || !RequireMember(argument, "to"u8)) return null;
        if (!state.TryGetText(argument, "from"u8, out var from) || !TryReadDistance(from, out var inner)) return null;
        if (!state.TryGetText(argument, "to"u8, out var to) || !TryReadDistance(to, out var outer)) return null;
        if (inner >= outer) return state.Refuse("inner radius must be smaller than outer radius");

        var place = argument.EnumerateObject().First(static member => !JsonText.IsNamed(member, "from"u8) && !JsonText.IsNamed(member, "to"u8));
        if (!TryReadPoint(place, out var centre)) return null;

        return Count(place, new GeoRing(centre, inner, outer), isNegated);
    }

    public Expression? ParseBox(JsonElement argument, bool isNegated)
    {
        if (!state.TryGetSingle(argument, out var place)) return null;

        var field = JsonText.NameOf(place);
        if (!GeoBoxReader.TryRead(place.Value, out var box, out var reason)) return state.RefuseAt(field, reason);
        if (box.Top <= box.Bottom) return state.RefuseAt(field, "top must be greater than bottom");
        if (box.Left >= box.Right) return state.RefuseAt(field, "right must be greater than left; a box over the antimeridian has a right beyond 180");

        return Count(place, box, isNegated);
    }

    public Expression? ParsePolygon(JsonElement argument, bool isNegated)
    {
        if (!state.TryGetSingle(argument, out var place)) return null;

        state.Path.Push(JsonText.NameOf(place).ToString());
        var isPolygon = TryReadPolygon(place.Value, out var polygon);
        state.Path.Pop();
        return isPolygon ? Count(place, polygon!, isNegated) : null;
    }

    private bool TryReadPolygon(JsonElement argument, [NotNullWhen(true)] out GeoPolygon? polygon)
    {
        polygon = null;
        if (!state.RequireMembers(argument, 1) || !RequireMember(argument, "points"u8)) return false;

        JsonText.TryGetMember(argument, "points"u8, out var list);
        state.Path.Push("points");
        var arePoints = TryReadPoints(list, out var points);
        state.Path.Pop();
        if (arePoints) polygon = new GeoPolygon([.. points]);
        return arePoints;
    }

    private bool TryReadPoints(JsonElement list, out List<GeoPoint> points)
    {
        points = [];
        if (list.ValueKind != JsonValueKind.Array) return state.Fail("must be an array");
        if (list.GetArrayLength() < 3) return state.Fail("at least 3 points are required to build a polygon");

        foreach (var element in list.EnumerateArray())
        {
            if (!GeoPointReader.TryRead(element, out var point)) return state.Fail($"unrecognized point format \"{JsonText.Compact(element)}\"");

            points.Add(point);
        }

        if (points[0] == points[^1]) points.RemoveAt(points.Count - 1); // it closes by itself
        return true;
    }

    private bool RequireMember(JsonElement argument, ReadOnlySpan<byte> name) =>
        JsonText.TryGetMember(argument, name, out _) || state.Fail($"the property \"{new Utf8Text(name.ToArray())}\" is missing");

    private bool TryReadPoint(JsonProperty place, out GeoPoint point) =>
        GeoPointReader.TryRead(place.Value, out point) || state.FailAt(JsonText.NameOf(place), "unrecognized point format");

    private bool TryReadDistance(Utf8Text text, out double metres) =>
        DistanceReader.TryRead(text.ToString(), out metres) || state.FailPlainly($"unable to parse distance value \"{text}\"");

    private Expression Count(JsonProperty place, GeoShape shape, bool isNegated) =>
        state.Count(new Literal(new GeoCondition(JsonText.NameOf(place), shape), isNegated));
}
