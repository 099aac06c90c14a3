using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Tests.Access;

public sealed class FilterSetsTests
{
    private static readonly Gen<string> Level = Gen.Elements("a", "b", "", "$S", "+");

    private static readonly Arbitrary<string> Filters =
        (from levels in Level.NonEmptyListOf()
         from hash in Gen.Elements(true, false)
         select string.Join('/', [.. levels.Take(4), .. hash ? (string[])["#"] : []])).Where(filter => filter.Length > 0).ToArbitrary();

    private static readonly Arbitrary<string> Topics =
        Gen.Elements("a", "b", "", "$S").NonEmptyListOf().Select(levels => string.Join('/', levels.Take(5))).Where(topic => topic.Length > 0).ToArbitrary();

    [Theory]
    [InlineData("#", "#", "#")]
    [InlineData("a/+", "+/b", "a/b")]
    [InlineData("a/#", "+/b", "a/b")]
    [InlineData("a/#", "a", "a")]
    [InlineData("a", "a/#", "a")]
    [InlineData("a/b/#", "a/+", "a/b")]
    [InlineData("+/+/#", "a/#", "a/+/#")]
    [InlineData("a/b", "a/c", null)]
    [InlineData("a", "a/b", null)]
    [InlineData("a/+/#", "a", null)]
    [InlineData("#", "$SYS/#", null)]
    [InlineData("+/x", "$SYS/x", null)]
    [InlineData("$SYS/+", "$SYS/#", "$SYS/+")]
    public void Two_filters_have_the_topics_in_common_that_one_filter_says(string first, string second, string? common)
    {
        FilterSets.Intersect(first, second).ShouldBe(common);
        FilterSets.Intersect(second, first).ShouldBe(common);
    }

    [Fact]
    public void A_topic_is_seen_by_both_exactly_if_it_is_seen_by_what_they_have_in_common() =>
        Prop.ForAll(Filters, Filters, Topics, (first, second, topic) =>
            (Matches(first, topic) && Matches(second, topic)) == (FilterSets.Intersect(first, second) is { } common && Matches(common, topic)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Who_covers_a_filter_sees_all_its_topics() =>
        Prop.ForAll(Filters, Filters, Topics, (outer, inner, topic) =>
            !FilterSets.Covers(outer, inner) || !Matches(inner, topic) || Matches(outer, topic)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/+/b", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("+/#", "a/#", true)]
    [InlineData("+", "#", false)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("$SYS/#", "$SYS/a", true)]
    public void One_filter_covers_another_or_not(string outer, string inner, bool covers) => FilterSets.Covers(outer, inner).ShouldBe(covers);

    private static bool Matches(string filter, string topic) => TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic));
}
