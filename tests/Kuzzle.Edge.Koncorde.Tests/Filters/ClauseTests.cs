namespace Kuzzle.Edge.Koncorde.Tests.Filters;

public sealed class ClauseTests
{
    [Theory]
    [InlineData("""{}""", """{"a":1}""", true)]
    [InlineData("""null""", """{}""", true)]
    [InlineData("""{"not":{"not":{"nothing":{}}}}""", """{}""", false)]
    [InlineData("""{"nothing":1}""", """{"a":1}""", false)]
    [InlineData("""{"not":{"nothing":1}}""", """{}""", true)]
    public void The_whole_and_the_nothing(string filter, string document, bool matches) => Filter.Matches(filter, document).ShouldBe(matches);

    [Theory]
    [InlineData("""{"equals":{"a":1}}""", """{"a":1.0}""", true)]
    [InlineData("""{"equals":{"a":0}}""", """{"a":-0.0}""", true)]
    [InlineData("""{"equals":{"a":1}}""", """{"a":"1"}""", false)]
    [InlineData("""{"equals":{"a":1}}""", """{"a":true}""", false)]
    [InlineData("""{"equals":{"a":"x"}}""", """{"a":["x"]}""", false)]
    [InlineData("""{"equals":{"a":null}}""", """{"a":null}""", true)]
    [InlineData("""{"equals":{"a":null}}""", """{}""", false)]
    [InlineData("""{"equals":{"a":false}}""", """{"a":false}""", true)]
    [InlineData("""{"equals":{"a":"é"}}""", """{"a":"\u00e9"}""", true)]
    [InlineData("""{"equals":{"a":"é"}}""", """{"a":"e\u0301"}""", false)]
    [InlineData("""{"equals":{"a":"\ud83d"}}""", """{"a":"\ud83d"}""", true)]
    [InlineData("""{"equals":{"a":"\ud83d"}}""", """{"a":"\ud83e"}""", false)]
    [InlineData("""{"equals":{"constructor":1}}""", """{"constructor":1}""", true)]
    [InlineData("""{"term":{"a":"x"}}""", """{"a":"x"}""", true)]
    [InlineData("""{"bool":{"must":[{"term":{"a":"x"}}]}}""", """{"a":"y"}""", false)]
    public void Equals_wants_the_same_type_and_value(string filter, string document, bool matches) => Filter.Matches(filter, document).ShouldBe(matches);

    [Theory]
    [InlineData("a.b", """{"a":{"b":1}}""", true)]
    [InlineData("a.b", """{"a.b":1}""", true)]
    [InlineData("a", """{"a":{}}""", true)]
    [InlineData("a.0", """{"a":[1]}""", false)]
    [InlineData("a.length", """{"a":[1]}""", false)]
    [InlineData("a..b", """{"a":{"":{"b":1}}}""", true)]
    [InlineData("a.", """{"a":{"":1}}""", true)]
    [InlineData("b", """{"":{"b":1}}""", true)]
    [InlineData("A", """{"a":1}""", false)]
    [InlineData("\u0061b", """{"\u0061\u0062":1}""", true)]
    [InlineData("a.b.c", """{"a":{"b.c":1}}""", true)]
    [InlineData("a.b.c", """{"a.b":{"c":1}}""", true)]
    public void A_name_leads_through_objects_and_not_into_arrays(string name, string document, bool exists)
    {
        Filter.Matches($$"""{"exists":"{{name}}"}""", document).ShouldBe(exists);
        Filter.Matches($$"""{"missing":"{{name}}"}""", document).ShouldBe(!exists);
    }

    [Theory]
    [InlineData("""{"a":{"b":1},"a.b":2}""", false)]
    [InlineData("""{"a.b":2,"a":{"b":1}}""", true)]
    public void Of_two_spellings_of_a_name_the_later_counts(string document, bool isOne) =>
        Filter.Matches("""{"equals":{"a.b":1}}""", document).ShouldBe(isOne);

    [Theory]
    [InlineData("""{"exists":"a[\"x\"]"}""", """{"a":["y","x"]}""", true)]
    [InlineData("""{"exists":"a[ 1e2 ]"}""", """{"a":[100]}""", true)]
    [InlineData("""{"exists":"a[null]"}""", """{"a":[null]}""", true)]
    [InlineData("""{"exists":"a[true]"}""", """{"a":["true"]}""", false)]
    [InlineData("""{"exists":"a[\"x\"]"}""", """{"a":"x"}""", false)]
    [InlineData("""{"missing":"a[\"x\"]"}""", """{"a":"x"}""", true)]
    [InlineData("""{"exists":"a[{}]"}""", """{"a":[{}]}""", false)]
    [InlineData("""{"missing":"a[[]]"}""", """{"a":[[]]}""", true)]
    [InlineData("""{"exists":"a\\[0\\]"}""", """{"a[0]":1}""", true)]
    [InlineData("""{"exists":{"field":"a[3.14]"}}""", """{"a":[3.14]}""", true)]
    public void A_member_is_a_scalar_in_an_array(string filter, string document, bool matches) => Filter.Matches(filter, document).ShouldBe(matches);

    [Theory]
    [InlineData("""{"gt":1}""", "1", false)]
    [InlineData("""{"gt":1}""", "1.0000000000000002", true)]
    [InlineData("""{"gte":1}""", "1", true)]
    [InlineData("""{"lt":1}""", "1", false)]
    [InlineData("""{"lte":1}""", "1", true)]
    [InlineData("""{"gt":0}""", "1e-300", true)]
    [InlineData("""{"gt":1700000000000}""", "1700000000000", false)]
    [InlineData("""{"gt":1,"lt":2}""", "1.5", true)]
    [InlineData("""{"gt":1}""", "\"2\"", false)]
    [InlineData("""{"gt":1}""", "[2]", false)]
    [InlineData("""{"gt":1}""", "null", false)]
    [InlineData("""{"gt":1}""", "1e999", true)]
    [InlineData("""{"gt":1e999}""", "1e999", false)]
    [InlineData("""{"lt":-1e999}""", "-1e999", false)]
    public void A_range_is_exact_and_for_numbers_only(string bounds, string value, bool matches)
    {
        Filter.Matches($$$"""{"range":{"a":{{{bounds}}}}}""", $$"""{"a":{{value}}}""").ShouldBe(matches);
        Filter.Matches($$$$"""{"not":{"range":{"a":{{{{bounds}}}}}}}""", $$"""{"a":{{value}}}""").ShouldBe(!matches);
    }

    [Theory]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":1,"c":2}}""", true)]
    [InlineData("""{"a":{}}""", """{"a":{"c":2}}""", true)]
    [InlineData("""{"a":{}}""", """{"a":[]}""", false)]
    [InlineData("""{"a":[]}""", """{"a":[1]}""", true)]
    [InlineData("""{"a":["x","y"]}""", """{"a":["y","z","x"]}""", true)]
    [InlineData("""{"a":["x","x"]}""", """{"a":["x"]}""", false)]
    [InlineData("""{"a":[{"x":1},{"y":1}]}""", """{"a":[{"x":1,"y":1},{"x":1}]}""", false)]
    [InlineData("""{"a":[{"x":1},{"y":1}]}""", """{"a":[{"x":1},{"x":1,"y":1}]}""", true)]
    [InlineData("""{"a.b":1}""", """{"a":{"b":1}}""", true)]
    [InlineData("""{"a":{"b.c":1}}""", """{"a":{"b":{"c":1}}}""", false)]
    [InlineData("""{"a":null}""", """{}""", false)]
    [InlineData("""{"a":{"\ud83d":1}}""", """{"a":{"\ud83d":1}}""", true)]
    public void Match_is_containment(string wanted, string document, bool matches)
    {
        Filter.Matches($$$"""{"match":{{{wanted}}}}""", document).ShouldBe(matches);
        Filter.Matches($$$$"""{"not":{"match":{{{{wanted}}}}}}""", document).ShouldBe(!matches);
    }

    [Theory]
    [InlineData("""{"field":"a","index":0,"query":{"equals":{"value":1}}}""", """{"a":[1,2]}""", true)]
    [InlineData("""{"field":"a","index":-1,"query":{"equals":{"value":2}}}""", """{"a":[1,2]}""", true)]
    [InlineData("""{"field":"a","index":2,"query":{"missing":"value"}}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"field":"a","index":-3,"query":{"missing":"value"}}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"field":"a","index":1e30,"query":{"missing":"value"}}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"field":"a","index":0,"query":{"exists":"value.x"}}""", """{"a":[{"x":null}]}""", true)]
    [InlineData("""{"field":"a","index":0,"query":{"exists":"a"}}""", """{"a":[1]}""", false)]
    [InlineData("""{"field":"a","index":0,"query":{"select":{"field":"value","index":1,"query":{"regexp":{"value":"^x"}}}}}""", """{"a":[["y","xy"]]}""", true)]
    [InlineData("""{"field":"a","index":0,"query":{"not":{"nothing":1}}}""", """{"a":[1]}""", true)]
    [InlineData("""{"field":"a","index":0,"query":{"not":{"nothing":1}}}""", """{"a":[]}""", false)]
    public void Select_asks_one_element(string select, string document, bool matches)
    {
        Filter.Matches($$$"""{"select":{{{select}}}}""", document).ShouldBe(matches);
        Filter.Matches($$$$"""{"not":{"select":{{{{select}}}}}}""", document).ShouldBe(!matches);
    }

    [Theory]
    [InlineData("""{"must":[{"exists":"a"}],"should":[{"exists":"b"}]}""", """{"a":1}""", false)]
    [InlineData("""{"must":{"exists":"a"},"should":[{"exists":"b"}]}""", """{"a":1,"b":1}""", true)]
    [InlineData("""{"must_not":[{"exists":"a"}]}""", """{"a":1}""", false)]
    [InlineData("""{"should_not":[{"exists":"a"},{"exists":"b"}]}""", """{"a":1}""", true)]
    [InlineData("""{"should_not":[{"exists":"a"},{"exists":"b"}]}""", """{"a":1,"b":1}""", false)]
    [InlineData("""{"must":[{"exists":"a"}],"should":null}""", """{"a":1}""", true)]
    public void Bool_is_the_and_of_its_lists(string lists, string document, bool matches) =>
        Filter.Matches($$$"""{"bool":{{{lists}}}}""", document).ShouldBe(matches);

    [Fact]
    public void The_id_that_is_given_stands_for_the_one_in_the_body()
    {
        Filter.Matches("""{"ids":{"values":["x"]}}""", """{"_id":"y"}""", "x").ShouldBeTrue();
        Filter.Matches("""{"ids":{"values":["y"]}}""", """{"_id":"y"}""", "x").ShouldBeFalse();
        Filter.Matches("""{"in":{"_id":["y"]}}""", """{"_id":"y"}""").ShouldBeTrue();
        Filter.Matches("""{"regexp":{"_id":"^dev-\\d$"}}""", "{}", "dev-1").ShouldBeTrue();
        Filter.Matches("""{"match":{"_id":{}}}""", """{"_id":{}}""", "dev-1").ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[1]")]
    [InlineData("5")]
    public void A_document_that_is_no_object_has_no_fields(string document)
    {
        Filter.Matches("""{"missing":"a"}""", document).ShouldBeTrue();
        Filter.Matches("""{"exists":""}""".Replace("\"\"", "\"length\"", StringComparison.Ordinal), document).ShouldBeFalse();
    }
}
