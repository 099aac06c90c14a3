using System.Globalization;

namespace Kuzzle.Edge.Koncorde.Tests.Indexes;

/// <summary>Small random filters and documents over few names and values, so that they often meet.</summary>
internal sealed class RandomFilters(int seed)
{
    private static readonly string[] Names = ["a", "b", "a.b", "a.c", "list", "place", "_id"];
    private static readonly string[] Scalars = ["0", "1", "2.5", "-3", "\"x\"", "\"xy\"", "\"\\u00e9\"", "true", "false", "null"];
    private static readonly string[] Patterns = ["^x", "y$", "^[a-z]+$", "é", "."];
    private readonly Random _random = new(seed);

    public int Next(int limit) => _random.Next(limit);

    public string NextFilter(int depth) => (depth == 0 ? 0 : Next(6)) switch
    {
        0 or 1 => NextClause(depth),
        2 => $$"""{"and":[{{NextList(depth)}}]}""",
        3 => $$"""{"or":[{{NextList(depth)}}]}""",
        4 => $$"""{"not":{{NextFilter(depth - 1)}}}""",
        _ => $$$"""{"bool":{"must":[{{{NextList(depth)}}}],"must_not":[{{{NextList(depth)}}}],"should":[{{{NextList(depth)}}}],"should_not":[{{{NextList(depth)}}}]}}""",
    };

    public string NextDocument()
    {
        List<string> members = [];
        if (Next(3) > 0) members.Add($"\"a\":{NextObject()}");
        if (Next(3) > 0) members.Add($"\"b\":{Pick(Scalars)}");
        if (Next(5) == 0) members.Add($"\"a.b\":{Pick(Scalars)}");
        if (Next(3) > 0) members.Add($"\"list\":{NextArray()}");
        if (Next(3) > 0) members.Add($"\"place\":[{NextDegrees()},{NextDegrees()}]");
        if (Next(3) > 0) members.Add($"\"_id\":\"{Pick(["x", "xy", "z"])}\"");
        return $"{{{string.Join(',', members)}}}";
    }

    private string NextClause(int depth)
    {
        var name = Pick(Names);
        return Next(depth > 0 ? 13 : 12) switch
        {
            0 or 1 => $$$"""{"equals":{"{{{name}}}":{{{Pick(Scalars)}}}}}""",
            2 => $$"""{"exists":"{{name}}"}""",
            3 => $$"""{"missing":"{{name}}"}""",
            4 => $$"""{"exists":"list[{{Pick(Scalars).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}]"}""",
            5 or 6 => $$$$"""{"range":{"{{{{name}}}}":{{{{NextBounds()}}}}}}""",
            7 => $$$"""{"regexp":{"{{{name}}}":"{{{Pick(Patterns)}}}"}}""",
            8 => $$$"""{"in":{"{{{name}}}":["x","{{{Pick(["xy", "z", "é"])}}}"]}}""",
            9 => $$$"""{"match":{"a":{{{NextObject()}}},"list":{{{NextArray()}}}}}""",
            10 => $$$"""{"geoDistance":{"place":[{{{NextDegrees()}}},{{{NextDegrees()}}}],"distance":"{{{100 + Next(3000)}}}km"}}""",
            11 => $$$$"""{"geoBoundingBox":{"place":{"bottom":{{{{NextDegrees()}}}},"left":{{{{NextDegrees()}}}},"top":90,"right":181}}}""",
            _ => $$$$$"""{"select":{"field":"list","index":{{{{{Next(4) - 2}}}}},"query":{"equals":{"value":{{{{{Pick(Scalars)}}}}}}}}}""",
        };
    }

    private string NextList(int depth) => string.Join(',', Enumerable.Range(0, 1 + Next(3)).Select(_ => NextFilter(depth - 1)));

    private string NextObject() => Next(3) switch
    {
        0 => Pick(Scalars),
        1 => $$"""{"b":{{Pick(Scalars)}}}""",
        _ => $$"""{"b":{{Pick(Scalars)}},"c":{{Pick(Scalars)}}}""",
    };

    private string NextArray() => $"[{string.Join(',', Enumerable.Range(0, Next(4)).Select(_ => Pick(Scalars)))}]";

    private string NextBounds()
    {
        var low = Next(6) - 3;
        return Next(3) switch
        {
            0 => $$"""{"{{Pick(["gt", "gte"])}}":{{low}}}""",
            1 => $$"""{"{{Pick(["lt", "lte"])}}":{{low}}}""",
            _ => $$"""{"{{Pick(["gt", "gte"])}}":{{low}},"{{Pick(["lt", "lte"])}}":{{low + 1 + Next(3)}}}""",
        };
    }

    private string NextDegrees() => (Next(160) - 80 + 0.5).ToString(CultureInfo.InvariantCulture);

    private string Pick(string[] values) => values[Next(values.Length)];
}
