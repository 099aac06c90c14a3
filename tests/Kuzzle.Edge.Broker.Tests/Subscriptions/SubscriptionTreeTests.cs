using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Tests.Subscriptions;

public sealed class SubscriptionTreeTests
{
    [Theory]
    [InlineData("sport/#", "sport", true, "3.1.1 4.7.1.2: the parent level counts")]
    [InlineData("sport/#", "sport/tennis/player1", true, "3.1.1 4.7.1.2")]
    [InlineData("sport/#", "sports", false, "3.1.1 4.7.1.2")]
    [InlineData("#", "a", true, "3.1.1 4.7.1.2")]
    [InlineData("#", "/", true, "3.1.1 4.7.1.2")]
    [InlineData("sport/+", "sport", false, "3.1.1 4.7.1.3: a plus needs its level")]
    [InlineData("sport/+", "sport/", true, "3.1.1 4.7.1.3: a level may be empty")]
    [InlineData("sport/+", "sport/a/b", false, "3.1.1 4.7.1.3")]
    [InlineData("+/+", "/finance", true, "3.1.1 4.7.1.3")]
    [InlineData("/+", "/finance", true, "3.1.1 4.7.1.3")]
    [InlineData("+", "/finance", false, "3.1.1 4.7.1.3")]
    [InlineData("foo/+/baz//", "foo//baz//", true, "[MQTT-4.7.3-4]")]
    [InlineData("+/tennis/#", "sport/tennis", true, "3.1.1 4.7.1.3")]
    [InlineData("a//b", "a/b", false, "[MQTT-4.7.3-4]: an empty level is a level")]
    [InlineData("ACCOUNTS", "Accounts", false, "3.1.1 4.7.3: case counts")]
    [InlineData("#", "$SYS/uptime", false, "[MQTT-4.7.2-1]")]
    [InlineData("+/uptime", "$SYS/uptime", false, "[MQTT-4.7.2-1]")]
    [InlineData("$SYS/#", "$SYS/uptime", true, "[MQTT-4.7.2-1]")]
    [InlineData("$SYS/+", "$SYS/uptime", true, "[MQTT-4.7.2-1]")]
    [InlineData("+/a", "$/a", false, "[MQTT-4.7.2-1]")]
    public void A_filter_sees_a_topic_as_the_standard_says(string filter, string topic, bool seen, string clause) =>
        (Matching(TreeOf([filter], out _), topic).Count == 1).ShouldBe(seen, clause);

    [Fact]
    public void The_tree_sees_what_the_naive_matcher_sees_whatever_was_removed_before() =>
        Prop.ForAll(Filters, Topics, Keeps, (filters, topic, keeps) =>
        {
            var tree = TreeOf(filters, out var members);
            var expected = new List<string>();
            for (var i = 0; i < filters.Length; i++)
            {
                if (keeps[i % keeps.Length]) expected.Add(filters[i]);
                else tree.Remove(Encoding.UTF8.GetBytes(filters[i]), members[i]);
            }

            expected.RemoveAll(filter => !TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)));
            var found = Matching(tree, topic).Order(StringComparer.Ordinal);
            return found.SequenceEqual(expected.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_tree_that_everybody_left_is_empty_again()
    {
        string[] filters = [.. Enumerable.Range(0, 500).Select(i => $"a/+/{i % 7}/x{i}/#"), .. Enumerable.Range(0, 500).Select(i => $"b/{i}")];
        var tree = TreeOf(filters, out var members);

        for (var i = 0; i < filters.Length; i++) tree.Remove(Encoding.UTF8.GetBytes(filters[i]), members[i]);

        tree.CountNodes().ShouldBe(0);
    }

    [Fact]
    public void Many_members_of_one_filter_come_and_go()
    {
        var tree = TreeOf([.. Enumerable.Repeat("a/+", 1000)], out var members);

        for (var i = 0; i < 1000; i++)
        {
            if (i % 10 != 3) tree.Remove("a/+"u8.ToArray(), members[i]);
        }

        Matching(tree, "a/b").Count.ShouldBe(100);
    }

    [Fact]
    public async Task Readers_always_see_the_filters_that_stay_while_others_come_and_go()
    {
        var tree = TreeOf(["stay/+", "stay/1", "#"], out _);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var filter = Encoding.UTF8.GetBytes((i % 3) switch { 0 => $"stay/{i % 50}", 1 => $"go/{i % 50}/+", _ => "stay/+" });
                var member = new NamedMember("passing");
                tree.Add(filter, member);
                tree.Remove(filter, member);
            }
        });

        for (var i = 0; i < 20_000; i++) Matching(tree, "stay/1").Count(name => name != "passing").ShouldBe(3);

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public void Combined_wildcards_cost_no_more_than_the_tree_has_nodes()
    {
        var filters = new List<string>();
        for (var bits = 0; bits < 1 << 10; bits++)
        {
            filters.Add(string.Join('/', Enumerable.Range(0, 10).Select(i => (bits >> i & 1) == 0 ? "+" : "a")));
        }

        var tree = TreeOf([.. filters], out _);

        Matching(tree, string.Join('/', Enumerable.Repeat("a", 10))).Count.ShouldBe(1 << 10);
        Matching(tree, string.Join('/', Enumerable.Repeat("a", 11))).Count.ShouldBe(0);
    }

    [Fact]
    public void A_topic_of_thirty_thousand_levels_needs_no_deep_stack() =>
        Matching(TreeOf(["#", "/#", "+/+"], out _), new string('/', 30_000)).Count.ShouldBe(2);

    private static Gen<string> Level => Gen.Elements("a", "b", "", "$x", "long-level-name");

    private static Arbitrary<string> Topics => Gen.NonEmptyListOf(Level).Select(levels => string.Join('/', levels.Take(5))).Where(topic => topic.Length > 0).ToArbitrary();

    private static Arbitrary<string[]> Filters =>
        Gen.NonEmptyListOf(Gen.Frequency((4, Level), (2, Gen.Constant("+"))))
            .SelectMany(levels => Gen.Elements("", "#").Select(end => string.Join('/', levels.Take(5)) + (end.Length == 0 ? "" : "/#")))
            .Where(filter => filter.Length > 0)
            .ArrayOf()
            .ToArbitrary();

    private static Arbitrary<bool[]> Keeps => Gen.NonEmptyListOf(Gen.Elements(true, false)).Select(list => list.ToArray()).ToArbitrary();

    private static SubscriptionTree TreeOf(string[] filters, out NamedMember[] members)
    {
        var tree = new SubscriptionTree();
        members = [.. filters.Select(filter => new NamedMember(filter))];
        for (var i = 0; i < filters.Length; i++) tree.Add(Encoding.UTF8.GetBytes(filters[i]), members[i]);
        return tree;
    }

    private static List<string> Matching(SubscriptionTree tree, string topic)
    {
        var search = new TreeSearch();
        tree.CollectMatches(Encoding.UTF8.GetBytes(topic), search);
        return [.. search.Matches.Select(member => ((NamedMember)member).Name)];
    }

    private sealed class NamedMember(string name) : TreeMember
    {
        public string Name => name;
    }
}
