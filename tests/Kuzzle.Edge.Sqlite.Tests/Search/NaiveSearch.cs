using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kuzzle.Edge.Sqlite.Tests.Search;

/// <summary>
/// The meaning of a query, written down as plainly as possible for the fields of <see cref="Mapping"/>: no statement, no bytes, no early end. What the store
/// answers must be the same.
/// </summary>
internal static partial class NaiveSearch
{
    public const string Mapping = """
        {"dynamic":"false","properties":{
          "key":{"type":"keyword"},"num":{"type":"double"},"flag":{"type":"boolean"},"day":{"type":"date"},"words":{"type":"text"},
          "obj":{"properties":{"key":{"type":"keyword"},"num":{"type":"long"}}}}}
        """;

    public static bool Matches(JsonElement query, string id, JsonElement document)
    {
        var clause = query.EnumerateObject().Single();
        return clause.Name switch
        {
            "match_all" => true,
            "match_none" => false,
            "ids" => clause.Value.GetProperty("values").EnumerateArray().Any(value => string.Equals(value.GetString(), id, StringComparison.Ordinal)),
            "term" => Field(clause.Value, id, document, out var operand).Any(value => Compare(value, operand.Name, operand.Value) == 0),
            "terms" => Field(clause.Value, id, document, out var list).Any(value => list.Value.EnumerateArray().Any(one => Compare(value, list.Name, one) == 0)),
            "range" => Field(clause.Value, id, document, out var range).Any(value => range.Value.EnumerateObject().All(bound => Within(value, range.Name, bound))),
            "exists" => Exists(document, clause.Value.GetProperty("field").GetString()!.Split('.')),
            "prefix" => Field(clause.Value, id, document, out var prefix).Any(value => value is string text && text.StartsWith(prefix.Value.GetString()!, StringComparison.Ordinal)),
            "bool" => MatchesBool(clause.Value, id, document),
            _ => throw new InvalidOperationException(clause.Name),
        };
    }

    /// <summary>The values of a field, as its mapping reads them: strings, doubles, booleans.</summary>
    public static List<object> Values(JsonElement document, string field)
    {
        var values = new List<object>();
        foreach (var scalar in Scalars(document, field.Split('.'))) Read(scalar, field, values);
        return values;
    }

    /// <summary>Numbers, then text, then booleans.</summary>
    public static int Order(object left, object right) => (left, right) switch
    {
        (double a, double b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        _ => Rank(left).CompareTo(Rank(right)),
    };

    /// <summary>Enough for the texts of <see cref="RandomSearch"/>: an ideograph alone, letters and digits together, a number with its fraction.</summary>
    [GeneratedRegex(@"\u4E00|(?:(?!\u4E00)[\p{L}\p{Nd}])+(?:\.\p{Nd}+)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    private static int Rank(object value) => value switch { double => 0, string => 1, _ => 2 };

    private static bool MatchesBool(JsonElement content, string id, JsonElement document)
    {
        var shoulds = Count("should", out var matching);
        var needed = content.TryGetProperty("minimum_should_match", out var minimum)
            ? minimum.GetInt32()
            : shoulds > 0 && !content.TryGetProperty("must", out _) && !content.TryGetProperty("filter", out _) ? 1 : 0;
        return All("must") && All("filter") && Count("must_not", out var refused) >= 0 && refused == 0 && matching >= needed;

        int Count(string name, out int matches)
        {
            matches = 0;
            if (!content.TryGetProperty(name, out var list)) return 0;
            matches = list.EnumerateArray().Count(query => Matches(query, id, document));
            return list.GetArrayLength();
        }

        bool All(string name) => Count(name, out var matches) == matches;
    }

    private static List<object> Field(JsonElement content, string id, JsonElement document, out JsonProperty operand)
    {
        operand = content.EnumerateObject().Single();
        return operand.NameEquals("_id") ? [id] : Values(document, operand.Name);
    }

    private static bool Within(object value, string field, JsonProperty bound)
    {
        if (bound.Value.ValueKind == JsonValueKind.Null) return true;
        var order = Compare(value, field, bound.Value);
        return order is { } known && bound.Name switch { "gt" => known > 0, "gte" => known >= 0, "lt" => known < 0, _ => known <= 0 };
    }

    /// <summary>Null where the two cannot be compared.</summary>
    private static int? Compare(object value, string field, JsonElement operand)
    {
        var wanted = new List<object>();
        if (Type(field) == "text") wanted.Add(operand.ToString());
        else if (Type(field) == "id") wanted.Add(operand.ToString());
        else Read(operand, field, wanted);
        return wanted.Count == 1 && Rank(value) == Rank(wanted[0]) ? Order(value, wanted[0]) : null;
    }

    private static string Type(string field) => field switch
    {
        "_id" => "id",
        "key" or "obj.key" => "keyword",
        "num" or "obj.num" => "number",
        "flag" => "boolean",
        "day" => "date",
        "words" => "text",
        _ => "any",
    };

    private static void Read(JsonElement scalar, string field, List<object> values)
    {
        var text = scalar.ValueKind is JsonValueKind.True or JsonValueKind.False ? scalar.GetRawText() : scalar.ToString();
        switch (Type(field))
        {
            case "keyword":
                values.Add(text);
                break;
            case "number":
                if (scalar.ValueKind is JsonValueKind.Number or JsonValueKind.String
                    && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) values.Add(number);
                break;
            case "boolean":
                if (scalar.ValueKind != JsonValueKind.Number && text is "true" or "false" or "") values.Add(text is "true");
                break;
            case "date":
                if (scalar.ValueKind == JsonValueKind.Number) values.Add(scalar.GetDouble());
                else if (DateTimeOffset.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
                    values.Add((double)day.ToUnixTimeMilliseconds());
                break;
            case "text":
                values.AddRange(Word().Matches(text.ToLowerInvariant()).Select(match => match.Value));
                break;
            default:
                values.Add(scalar.ValueKind switch
                {
                    JsonValueKind.Number => scalar.GetDouble(),
                    JsonValueKind.String => text,
                    _ => (object)scalar.GetBoolean(),
                });
                break;
        }
    }

    private static bool Exists(JsonElement element, string[] path) => At(element, path).Any(HasScalar);

    private static bool HasScalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.Object => element.EnumerateObject().Any(member => HasScalar(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasScalar),
        _ => true,
    };

    private static IEnumerable<JsonElement> Scalars(JsonElement element, string[] path) =>
        At(element, path).Where(value => value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object));

    /// <summary>What lies at a path, with arrays taken apart.</summary>
    private static IEnumerable<JsonElement> At(JsonElement element, string[] path)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().SelectMany(item => At(item, path));
        if (path.Length == 0) return [element];
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path[0], out var member) ? At(member, path[1..]) : [];
    }
}
