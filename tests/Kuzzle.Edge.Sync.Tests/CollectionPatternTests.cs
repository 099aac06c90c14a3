using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Tests;

public sealed class CollectionPatternTests
{
    [Theory]
    [InlineData("plant/readings", "plant", "readings", true)]
    [InlineData("plant/readings", "plant", "readings2", false)]
    [InlineData("plant/*", "plant", "readings", true)]
    [InlineData("plant/*", "plants", "readings", false)]
    [InlineData("*/*", "anything", "at all", true)]
    [InlineData("p*t/r*s", "plant", "readings", true)]
    [InlineData("p*t/r*s", "plant", "reading", false)]
    [InlineData("Plant/*", "plant", "readings", false)]
    public void A_star_stands_for_any_run_of_characters_within_one_name(string pattern, string index, string collection, bool covered) =>
        CollectionPattern.Parse(pattern).Covers(new CollectionName(index, collection)).ShouldBe(covered);

    [Theory]
    [InlineData("plant")]
    [InlineData("plant/")]
    [InlineData("/readings")]
    [InlineData("a/b/c")]
    [InlineData("")]
    public void What_is_not_two_names_is_refused_with_an_example(string pattern) =>
        Should.Throw<FormatException>(() => CollectionPattern.Parse(pattern)).Message.ShouldEndWith($"this is \"{pattern}\".");

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        var url = new Uri("ws://localhost");

        Should.Throw<ArgumentException>(() => new UpstreamOptions { Url = new Uri("mqtt://localhost"), Collections = ["a/b"] }).Message.ShouldContain("ws://");
        Should.Throw<ArgumentException>(() => new UpstreamOptions { Url = url, Collections = [] }).Message.ShouldContain("index/collection");
        Should.Throw<ArgumentException>(() => new UpstreamOptions { Url = url, Collections = ["a/b"], BatchSize = 201 }).Message.ShouldContain("1 to 200");
    }
}
