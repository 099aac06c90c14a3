using System.Globalization;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Sqlite.Tests.Search;

/// <summary>Random documents and queries over few fields and few values, so that they meet.</summary>
internal sealed class RandomSearch(int seed)
{
    private static readonly string[] Fields = ["key", "num", "flag", "day", "words", "obj.key", "obj.num", "free", "free.deep", "_id"];
    private static readonly string[] Texts = ["", "a", "b", "B", "ab", "é", "1", "1.5", "true", "a b", "Ab-1:é", "\"", "'", "\u4E00x", "\U0001F600"];
    private static readonly double[] Numbers = [0, 1, -1, 1.5, 2, 10, 1e20, -0.1];
    private static readonly string[] Days = ["2024-05-01T00:00:00.000Z", "2024-05-01T12:30:00.500Z", "2024-06-01T00:00:00.000Z"];

    private readonly Random _random = new(seed);

    public JsonObject Document()
    {
        var document = new JsonObject();
        foreach (var name in new[] { "key", "num", "flag", "day", "words", "free" })
        {
            if (_random.Next(4) > 0) document[name] = Value(name);
        }

        if (_random.Next(2) == 0) document["obj"] = _random.Next(2) == 0 ? Part() : new JsonArray(Part(), Part(), Part());
        return document;
    }

    public JsonObject Query(int depth) => _random.Next(depth > 0 ? 10 : 7) switch
    {
        0 => new JsonObject { ["ids"] = new JsonObject { ["values"] = List(() => $"d{_random.Next(12)}") } },
        1 or 2 => FieldClause("term", Operand),
        3 => FieldClause("terms", field => List(() => Operand(field))),
        4 => FieldClause("range", Range),
        5 => new JsonObject { ["exists"] = new JsonObject { ["field"] = Pick(Fields[..^1]) } },
        6 => _random.Next(3) == 0
            ? new JsonObject { [_random.Next(2) == 0 ? "match_all" : "match_none"] = new JsonObject() }
            : new JsonObject { ["prefix"] = new JsonObject { [Pick(["key", "obj.key", "words", "_id"])] = Pick(Texts) } },
        _ => new JsonObject { ["bool"] = Bool(depth - 1) },
    };

    public string SortField() => Pick(["key", "num", "flag", "day", "obj.num", "free"]);

    private static JsonNode Number(double number) =>
        JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture))!;

    private JsonObject Bool(int depth)
    {
        var content = new JsonObject();
        foreach (var name in new[] { "must", "filter", "must_not", "should" })
        {
            if (_random.Next(2) == 0) content[name] = List(() => Query(depth));
        }

        if (content.ContainsKey("should") && _random.Next(3) == 0) content["minimum_should_match"] = _random.Next(1, 3);
        return content;
    }

    private JsonObject FieldClause(string clause, Func<string, JsonNode> operand)
    {
        var field = Pick(Fields);
        return new JsonObject { [clause] = new JsonObject { [field] = operand(field) } };
    }

    private JsonObject Range(string field)
    {
        var range = new JsonObject();
        if (_random.Next(3) > 0) range[Pick(["gt", "gte"])] = Operand(field);
        if (_random.Next(3) > 0 || range.Count == 0) range[Pick(["lt", "lte"])] = Operand(field);
        return range;
    }

    private JsonNode Operand(string field) => field switch
    {
        "num" or "obj.num" => Number(Pick(Numbers)),
        "flag" => JsonValue.Create(_random.Next(2) == 0),
        "day" => _random.Next(2) == 0 ? Pick(Days) : 1714521600000,
        "free" or "free.deep" => Scalar(field),
        _ => Pick(Texts),
    };

    private JsonObject Part()
    {
        var part = new JsonObject();
        if (_random.Next(3) > 0) part["key"] = Value("key");
        if (_random.Next(3) > 0) part["num"] = Value("num");
        return part;
    }

    private JsonNode? Value(string field) => _random.Next(6) switch
    {
        0 => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(5) == 0 ? null : Scalar(field))]),
        1 => null,
        2 when field is "free" => new JsonObject { ["deep"] = Scalar(field) },
        _ => Scalar(field),
    };

    private JsonNode Scalar(string field) => field switch
    {
        "num" => _random.Next(4) == 0 ? Pick(Texts) : Number(Pick(Numbers)),
        "day" => _random.Next(3) == 0 ? 1714608000000 : Pick(Days),
        _ => _random.Next(4) switch
        {
            0 => Number(Pick(Numbers)),
            1 => JsonValue.Create(_random.Next(2) == 0),
            _ => Pick(Texts),
        },
    };

    private JsonArray List(Func<JsonNode> item) => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => item())];

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];
}
