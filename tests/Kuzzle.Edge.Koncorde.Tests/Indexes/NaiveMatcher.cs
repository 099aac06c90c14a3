using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kuzzle.Edge.Koncorde.Geography;

namespace Kuzzle.Edge.Koncorde.Tests.Indexes;

/// <summary>The language as its page tells it, one filter at a time, straight from the JSON. What the index must agree with.</summary>
internal static class NaiveMatcher
{
    public static bool Matches(JsonElement filter, JsonElement document)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Flatten(document, string.Empty, fields);
        return Holds(filter, fields);
    }

    private static void Flatten(JsonElement container, string prefix, Dictionary<string, JsonElement> fields)
    {
        foreach (var member in container.EnumerateObject())
        {
            var name = prefix.Length == 0 ? member.Name : $"{prefix}.{member.Name}";
            fields[name] = member.Value;
            if (member.Value.ValueKind == JsonValueKind.Object) Flatten(member.Value, name, fields);
        }
    }

    private static bool Holds(JsonElement filter, Dictionary<string, JsonElement> fields)
    {
        if (!filter.EnumerateObject().Any()) return true;

        var clause = filter.EnumerateObject().Single();
        var argument = clause.Value;
        return clause.Name switch
        {
            "and" => argument.EnumerateArray().All(inner => Holds(inner, fields)),
            "or" => argument.EnumerateArray().Any(inner => Holds(inner, fields)),
            "not" => !Holds(argument, fields),
            "bool" => List(argument, "must").All(inner => Holds(inner, fields))
                && !List(argument, "must_not").Any(inner => Holds(inner, fields))
                && List(argument, "should").Any(inner => Holds(inner, fields))
                && !List(argument, "should_not").All(inner => Holds(inner, fields)),
            "nothing" => false,
            "exists" => Exists(argument.GetString()!, fields),
            "missing" => !Exists(argument.GetString()!, fields),
            "match" => argument.EnumerateObject().All(wanted => fields.TryGetValue(wanted.Name, out var value) && Contains(value, wanted.Value)),
            "select" => Selects(argument, fields),
            "geoDistance" or "geoBoundingBox" => IsNear(argument, fields),
            _ => fields.TryGetValue(argument.EnumerateObject().First().Name, out var value) && HoldsFor(clause.Name, value, argument.EnumerateObject().First().Value),
        };
    }

    private static JsonElement.ArrayEnumerator List(JsonElement lists, string name) => lists.GetProperty(name).EnumerateArray();

    private static bool HoldsFor(string keyword, JsonElement value, JsonElement argument) => keyword switch
    {
        "equals" => AreSame(value, argument),
        "in" => argument.EnumerateArray().Any(wanted => AreSame(value, wanted)),
        "range" => value.ValueKind == JsonValueKind.Number && argument.EnumerateObject().All(bound => IsWithin(value.GetDouble(), bound.Name, bound.Value.GetDouble())),
        "regexp" => value.ValueKind == JsonValueKind.String && Regex.IsMatch(value.GetString()!, argument.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(10)),
        _ => throw new InvalidOperationException(keyword),
    };

    private static bool Exists(string path, Dictionary<string, JsonElement> fields)
    {
        var open = path.IndexOf('[', StringComparison.Ordinal);
        if (open < 0) return fields.ContainsKey(path);

        using var wanted = JsonDocument.Parse(path[(open + 1)..^1]);
        return fields.TryGetValue(path[..open], out var value) && value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(element => AreSame(element, wanted.RootElement));
    }

    private static bool Contains(JsonElement value, JsonElement wanted)
    {
        if (wanted.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return AreSame(value, wanted);
        if (value.ValueKind != wanted.ValueKind) return false;
        if (wanted.ValueKind == JsonValueKind.Object) return wanted.EnumerateObject().All(member => value.TryGetProperty(member.Name, out var own) && Contains(own, member.Value));

        var free = value.EnumerateArray().ToList();
        foreach (var element in wanted.EnumerateArray())
        {
            var found = free.FindIndex(own => Contains(own, element));
            if (found < 0) return false;

            free.RemoveAt(found);
        }

        return true;
    }

    private static bool Selects(JsonElement select, Dictionary<string, JsonElement> fields)
    {
        if (!fields.TryGetValue(select.GetProperty("field").GetString()!, out var value) || value.ValueKind != JsonValueKind.Array) return false;

        var elements = value.EnumerateArray().ToArray();
        var index = select.GetProperty("index").GetInt32();
        if (index < 0) index += elements.Length;
        if (index < 0 || index >= elements.Length) return false;

        using var pseudo = JsonDocument.Parse($"{{\"value\":{elements[index].GetRawText()}}}");
        return Matches(select.GetProperty("query"), pseudo.RootElement);
    }

    private static bool IsNear(JsonElement argument, Dictionary<string, JsonElement> fields)
    {
        if (!fields.TryGetValue("place", out var value) || value.ValueKind != JsonValueKind.Array) return false;

        var point = PointOf(value);
        var shape = argument.GetProperty("place");
        if (shape.ValueKind == JsonValueKind.Object)
        {
            return point.Latitude >= shape.GetProperty("bottom").GetDouble() && point.Latitude <= shape.GetProperty("top").GetDouble()
                && point.Longitude >= shape.GetProperty("left").GetDouble() && point.Longitude <= shape.GetProperty("right").GetDouble();
        }

        var kilometres = double.Parse(argument.GetProperty("distance").GetString()![..^2], CultureInfo.InvariantCulture);
        return Ellipsoid.Distance(PointOf(shape), point) <= kilometres * 1000;
    }

    private static GeoPoint PointOf(JsonElement pair) => new(pair[0].GetDouble(), pair[1].GetDouble());

    private static bool IsWithin(double value, string bound, double limit) => bound switch
    {
        "gt" => value > limit,
        "gte" => value >= limit,
        "lt" => value < limit,
        _ => value <= limit,
    };

    private static bool AreSame(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && left.ValueKind switch
    {
        JsonValueKind.Number => left.GetDouble() == right.GetDouble(),
        JsonValueKind.String => left.GetString() == right.GetString(),
        JsonValueKind.Object or JsonValueKind.Array => false,
        _ => true,
    };
}
