using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Koncorde.Tests.Indexes;

namespace Kuzzle.Edge.Koncorde.Tests.Filters;

public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("""{}""", "{}")]
    [InlineData("""{"not":{"nothing":1}}""", "{}")]
    [InlineData("""{"nothing":"x"}""", """{"nothing":true}""")]
    [InlineData("""{"term":{"a":1.0}}""", """{"equals":{"a":1}}""")]
    [InlineData("""{"missing":{"field":"a\\[0\\]"}}""", """{"not":{"exists":"a\\[0\\]"}}""")]
    [InlineData("""{"exists":"a[ \"\\u0078\" ]"}""", """{"exists":"a[\"x\"]"}""")]
    [InlineData("""{"and":[{"exists":"b"},{"exists":"a"},{"exists":"b"}]}""", """{"and":[{"exists":"a"},{"exists":"b"}]}""")]
    [InlineData("""{"or":[{"exists":"a"},{"and":[{"exists":"a"},{"exists":"b"}]}]}""", """{"exists":"a"}""")]
    [InlineData("""{"and":[{"exists":"a"},{"missing":"a"}]}""", """{"nothing":true}""")]
    [InlineData("""{"and":[{"exists":"a"},{"or":[{"exists":"b"},{"missing":"a"}]}]}""", """{"and":[{"exists":"a"},{"exists":"b"}]}""")]
    [InlineData("""{"geoDistance":{"p":"1, 2","distance":"1 KM"}}""", """{"geoDistance":{"p":[1,2],"distance":"1000m"}}""")]
    [InlineData("""{"regexp":{"a":{"value":"x","flags":"gsim"}}}""", """{"regexp":{"a":{"value":"x","flags":"ims"}}}""")]
    [InlineData("""{"match":{"b":{"y":1,"x":2},"a":1}}""", """{"and":[{"equals":{"a":1}},{"match":{"b":{"x":2,"y":1}}}]}""")]
    public void A_filter_has_one_text(string filter, string text) => Filter.CanonicalTextOf(filter).ShouldBe(text);

    [Fact]
    public void De_Morgan_and_double_negation_do_not_change_the_text() => Prop.ForAll<int>(static seed =>
    {
        var random = new RandomFilters(seed);
        var (left, right) = (random.NextFilter(2), random.NextFilter(2));

        return AreSame($$$"""{"not":{"not":{{{left}}}}}""", left)
            && AreSame($$$"""{"not":{"and":[{{{left}}},{{{right}}}]}}""", $$$"""{"or":[{"not":{{{left}}}},{"not":{{{right}}}}]}""")
            && AreSame($$$"""{"not":{"or":[{{{left}}},{{{right}}}]}}""", $$$"""{"and":[{"not":{{{right}}}},{"not":{{{left}}}}]}""")
            && AreSame($$"""{"and":[{{left}},{{left}}]}""", left);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_text_means_what_the_filter_means() => Prop.ForAll<int>(static seed =>
    {
        var random = new RandomFilters(seed);
        var filter = random.NextFilter(3);
        var text = Filter.CanonicalTextOf(filter);

        return Enumerable.Range(0, 10).Select(_ => random.NextDocument()).All(document => Filter.Matches(filter, document) == Filter.Matches(text, document));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_filter_whose_distributed_form_has_a_million_terms_is_parsed_at_once()
    {
        var pairs = Enumerable.Range(0, 50).Select(static i => string.Create(CultureInfo.InvariantCulture, $$$"""{"or":[{"exists":"a{{{i}}}"},{"exists":"b{{{i}}}"}]}"""));
        var started = TimeProvider.System.GetTimestamp();

        var text = Filter.CanonicalTextOf($$"""{"and":[{{string.Join(',', pairs)}}]}""");

        text.ShouldStartWith("""{"and":[{"or":[{"exists":"a0"},{"exists":"b0"}]}""");
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5)); // all terms together would take a year
    }

    private static bool AreSame(string left, string right) => Filter.CanonicalTextOf(left) == Filter.CanonicalTextOf(right);
}
