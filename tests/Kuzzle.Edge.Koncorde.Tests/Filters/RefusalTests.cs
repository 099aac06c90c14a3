namespace Kuzzle.Edge.Koncorde.Tests.Filters;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("""{"equals":{"a":1},"exists":"b"}""", "Invalid filter syntax. Filters must have one keyword only")]
    [InlineData("""{"foo":1}""", "\"foo\": unknown keyword")]
    [InlineData("""{"geospatial":{}}""", "\"geospatial\": unknown keyword")]
    [InlineData("\"a\"", "\"0\": unknown keyword")]
    [InlineData("""[{"exists":"a"},{"exists":"b"}]""", "Invalid filter syntax. Filters must have one keyword only")]
    [InlineData("""{"and":[{"range":{"temp":{"gt":"x"}}}]}""", "\"and.range.temp.gt\": must be a number")]
    [InlineData("""{"and":[{"foo":1},{}]}""", "\"and\": can only contain non-empty objects")]
    [InlineData("""{"or":[]}""", "\"or\": cannot be empty")]
    [InlineData("""{"not":{}}""", "\"not\": expected object to have exactly 1 property, got 0")]
    [InlineData("""{"bool":{"must_not":[{"foo":1}]}}""", "\"bool.and.not.or.foo\": unknown keyword")]
    [InlineData("""{"bool":{"should_not":[]}}""", "\"bool.and.not.and\": cannot be empty")]
    [InlineData("""{"bool":{"filter":[]}}""", "\"bool\": \"filter\" is not an allowed attribute (allowed: must,must_not,should,should_not)")]
    [InlineData("""{"bool":{"must":null}}""", "\"bool.and\": cannot be empty")]
    [InlineData("""{"equals":{"a":[]}}""", "\"equals.a\": must either be a string, a number, a boolean, or null")]
    [InlineData("""{"term":{"a":[]}}""", "\"term.a\": must either be a string, a number, a boolean, or null")]
    [InlineData("""{"in":{"a":["x",1]}}""", "\"in.a\": must hold only values of type \"string\"")]
    [InlineData("""{"ids":{"value":["x"]}}""", "\"ids\": the property \"values\" is missing")]
    [InlineData("""{"exists":""}""", "\"exists\": cannot test empty field name")]
    [InlineData("""{"missing":{"field":""}}""", "\"missing.field\": cannot be empty")]
    [InlineData("""{"exists":"a[x]"}""", "\"exists\": contains an invalid array value (\"x\")")]
    [InlineData("""{"range":{"a":{"eq":1,"gt":"x"}}}""", "\"range.a\": \"eq\" is not an allowed attribute (allowed: gt,gte,lt,lte)")]
    [InlineData("""{"range":{"a":{"gt":1,"gte":1}}}""", "\"range.a\": only 1 lower boundary allowed")]
    [InlineData("""{"range":{"a":{"lt":1,"lte":1}}}""", "\"range.a\": only 1 upper boundary allowed")]
    [InlineData("""{"range":{"a":{"gte":1,"lte":1}}}""", "\"range.a\": lower boundary must be strictly inferior to the upper one")]
    [InlineData("""{"regexp":{"a":5}}""", "\"regexp.a\": must be either a string or a non-empty object")]
    [InlineData("""{"regexp":{"a":{"value":"x","flags":5}}}""", "\"regexp.a.flags\": must be a string")]
    [InlineData("""{"regexp":{"a":{"value":5,"flags":"i"}}}""", "\"regexp.a\": cannot parse regexp expression \"/5/i\" (Expected string, Buffer, RegExp, or RE2 as the 1st argument.)")]
    [InlineData("""{"regexp":{"a":"a(?=b)"}}""", "\"regexp.a\": cannot parse regexp expression \"/a(?=b)/undefined\" (invalid perl operator: (?=)")]
    [InlineData("""{"match":{}}""", "\"match\": must be a non-empty object")]
    [InlineData("""{"select":{"field":"a","index":0.5,"query":{"exists":"value"}}}""", "\"select.index\": cannot have decimals, must be an integer")]
    [InlineData("""{"select":{"field":"a","index":0,"query":{"foo":1}}}""", "\"select.query.foo\": unknown keyword")]
    [InlineData("""{"geoDistance":{"a":[1,2],"distance":"5 parsecs"}}""", "unable to parse distance value \"5 parsecs\"")]
    [InlineData("""{"geoDistance":{"a":[1],"distance":"5m"}}""", "\"geoDistance.a\": unrecognized point format")]
    [InlineData("""{"geoDistance":{"a":[1,2],"b":"5m"}}""", "\"geoDistance\": the property \"distance\" is missing")]
    [InlineData("""{"geoDistanceRange":{"a":[1,2],"from":"1km","to":"1000m"}}""", "\"geoDistanceRange\": inner radius must be smaller than outer radius")]
    [InlineData("""{"geoPolygon":{"a":{"points":[[0,0],[0,1],"z"]}}}""", "\"geoPolygon.a.points\": unrecognized point format \"\"z\"\"")]
    [InlineData("""{"geoPolygon":{"a":{"points":[[0,0],[0,1]]}}}""", "\"geoPolygon.a.points\": at least 3 points are required to build a polygon")]
    [InlineData("""{"geoBoundingBox":{"a":{"top":"x","left":0,"bottom":0,"right":1}}}""", "\"geoBoundingBox.a\": unrecognized geoBoundingBox format: {\"top\":\"x\",\"left\":0,\"bottom\":0,\"right\":1}")]
    [InlineData("""{"geoBoundingBox":{"a":null}}""", "\"geoBoundingBox.a\": unrecognized geo-point format")]
    [InlineData("""{"geoBoundingBox":{"a":{"top":0,"left":0,"bottom":1,"right":1}}}""", "\"geoBoundingBox.a\": top must be greater than bottom")]
    [InlineData("""{"\ud83d":1}""", "\"\ufffd\ufffd\ufffd\": unknown keyword")]
    public void A_refusal_names_the_clause_and_the_reason(string filter, string refusal) => Filter.RefusalOf(filter).ShouldBe(refusal);

    [Theory]
    [InlineData("""{"in":{"a":["x","x","x"]}}""", 3)]
    [InlineData("""{"not":{"not":{"exists":"a"}}}""", 1)]
    [InlineData("""{"bool":{"must":[{"exists":"a"}],"must_not":[{"ids":{"values":["x","y"]}}]}}""", 3)]
    [InlineData("""{"select":{"field":"a","index":0,"query":{"exists":"value"}}}""", 1)]
    [InlineData("""{"match":{"a":1,"b":2}}""", 1)]
    public void Conditions_are_counted_after_unfolding(string filter, int conditions)
    {
        Filter.RefusalOf(filter, conditions).ShouldBeNull();
        if (conditions == 1) return;

        Filter.RefusalOf(filter, conditions - 1).ShouldBe(
            $"Filter too complex: exceeds the configured maximum number of conditions (conditions: {conditions}, max: {conditions - 1})");
    }

    [Fact]
    public void A_limit_of_zero_means_fifty_and_not_none()
    {
        var values = string.Join(',', Enumerable.Range(0, 51).Select(static value => $"\"{value}\""));

        Filter.RefusalOf($$$"""{"in":{"a":[{{{values}}}]}}""", maxConditions: 0)
            .ShouldBe("Filter too complex: exceeds the configured maximum number of conditions (conditions: 51, max: 50)");
    }

    [Fact]
    public void A_query_of_a_select_may_have_as_many_conditions_as_a_filter()
    {
        const string Select = """{"select":{"field":"a","index":0,"query":{"in":{"value":["x","y","z"]}}}}""";

        Filter.RefusalOf(Select, maxConditions: 3).ShouldBeNull();
        Filter.RefusalOf(Select, maxConditions: 2).ShouldBe("Filter too complex: exceeds the configured maximum number of conditions (conditions: 3, max: 2)");
    }
}
