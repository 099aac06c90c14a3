using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Rules;

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

    [Theory]
    [InlineData("plant/*", "site7/*", "plant", "readings", "site7/readings")]
    [InlineData("plant/*", "*/copy-of-*", "plant", "readings", "plant/copy-of-readings")]
    [InlineData("plant/readings", "cloud/all", "plant", "readings", "cloud/all")]
    public void A_star_of_a_target_is_the_name_here(string match, string target, string index, string collection, string upstream) =>
        new SyncRule { Match = CollectionPattern.Parse(match), Target = CollectionPattern.Parse(target) }.NameUpstream(new CollectionName(index, collection)).ToString().ShouldBe(upstream);

    [Theory]
    [InlineData("plant/*", "site7/all")]
    [InlineData("p*/readings", "site7/readings")]
    [InlineData("*/*", "*-*/*")]
    public void A_target_that_makes_one_collection_of_two_is_refused(string match, string target) =>
        Should.Throw<ArgumentException>(() => new SyncRule { Match = CollectionPattern.Parse(match), Target = CollectionPattern.Parse(target) }).Message.ShouldContain(target);

    [Fact]
    public void The_first_rule_that_is_for_a_collection_holds_and_the_products_own_collections_have_none()
    {
        var rules = new SyncRules([new() { Match = CollectionPattern.Parse("plant/alarms"), Priority = 9 }, new() { Match = CollectionPattern.Parse("*/*") }]);

        rules.TryFind(new CollectionName("plant", "alarms"), out var alarms).ShouldBeTrue();
        alarms!.Priority.ShouldBe(9);
        rules.TryFind(new CollectionName("plant", "readings"), out var readings).ShouldBeTrue();
        readings!.Priority.ShouldBe(0);
        rules.TryFind(new CollectionName("%kuzzle", "users"), out _).ShouldBeFalse();
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        var url = new Uri("ws://localhost");
        var rules = new SyncRules([new() { Match = CollectionPattern.Parse("a/b") }]);

        Should.Throw<ArgumentException>(() => new UpstreamOptions { Url = new Uri("mqtt://localhost"), Rules = rules }).Message.ShouldContain("ws://");
        Should.Throw<ArgumentException>(() => new UpstreamOptions { Url = url, Rules = new SyncRules([]) }).Message.ShouldContain("at least one rule");
        Should.Throw<ArgumentException>(() => new UpstreamOptions { Url = url, Rules = rules, BatchSize = 1001 }).Message.ShouldContain("1 to 1000");
        Should.Throw<ArgumentException>(() => new SyncRule { Match = CollectionPattern.Parse("a/b"), Priority = 1001 }).Message.ShouldContain("-1000 to 1000");
    }
}
