using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Tests.Topics;

public sealed class TopicFilterTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true, "3.1.1 4.7.1.2: the parent level counts")]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true, "3.1.1 4.7.1.2")]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true, "3.1.1 4.7.1.2")]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player12", false, "3.1.1 4.7.1.2: whole levels")]
    [InlineData("sport/#", "sport", true, "3.1.1 4.7.1.2")]
    [InlineData("sport/#", "sport/", true, "an empty level below")]
    [InlineData("#", "a", true, "everything")]
    [InlineData("#", "/", true, "everything")]
    [InlineData("#", "a/b/c", true, "everything")]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true, "3.1.1 4.7.1.3")]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false, "3.1.1 4.7.1.3: one level only")]
    [InlineData("sport/+", "sport", false, "3.1.1 4.7.1.3: a plus needs its level")]
    [InlineData("sport/+", "sport/", true, "3.1.1 4.7.1.3: which may be empty")]
    [InlineData("+", "finance", true, "3.1.1 4.7.1.3")]
    [InlineData("+", "/finance", false, "3.1.1 4.7.1.3")]
    [InlineData("+/+", "/finance", true, "3.1.1 4.7.1.3")]
    [InlineData("/+", "/finance", true, "3.1.1 4.7.1.3")]
    [InlineData("+/tennis/#", "sport/tennis", true, "both")]
    [InlineData("+/tennis/#", "sport/golf", false, "both")]
    [InlineData("sport/+/player1", "sport/tennis/player1", true, "in the middle")]
    [InlineData("sport/+/player1", "sport/player1", false, "in the middle")]
    [InlineData("+/+/#", "a/b", true, "parent of two plus")]
    [InlineData("+/+/#", "a", false, "too short")]
    [InlineData("+/#", "a", true, "parent of a plus")]
    [InlineData("#", "$SYS/uptime", false, "[MQTT-4.7.2-1]")]
    [InlineData("+/uptime", "$SYS/uptime", false, "[MQTT-4.7.2-1]")]
    [InlineData("+", "$SYS", false, "[MQTT-4.7.2-1]")]
    [InlineData("$SYS/#", "$SYS/uptime", true, "[MQTT-4.7.2-1]")]
    [InlineData("$SYS/#", "$SYS", true, "[MQTT-4.7.2-1]")]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true, "[MQTT-4.7.2-1]")]
    [InlineData("a/$x/#", "a/$x/b", true, "a dollar counts in the first place only")]
    [InlineData("a/+", "a/$x", true, "a dollar counts in the first place only")]
    [InlineData("/finance", "finance", false, "[MQTT-4.7.3-4]: a leading slash is a level")]
    [InlineData("a//b", "a//b", true, "empty levels")]
    [InlineData("a/+/b", "a//b", true, "empty levels")]
    [InlineData("foo/+/baz//", "foo//baz//", true, "empty levels at the end")]
    [InlineData("foo/+/baz/#", "foo//baz//", true, "empty levels at the end")]
    [InlineData("foo//baz//#", "foo//baz//", true, "empty levels at the end")]
    [InlineData("/", "/", true, "two empty levels")]
    [InlineData("+/+", "/", true, "two empty levels")]
    [InlineData("/+", "/", true, "two empty levels")]
    [InlineData("ACCOUNTS", "Accounts", false, "[MQTT-4.7.3-4]: case counts")]
    [InlineData("a b", "a b", true, "blanks are characters")]
    [InlineData("é", "e\u0301", false, "[MQTT-4.7.3-4]: no normalisation")]
    [InlineData("a", "a/b", false, "shorter filter")]
    [InlineData("a/b", "a", false, "shorter topic")]
    [InlineData("a/b", "a/", false, "an empty level is not any level")]
    public void A_filter_sees_a_topic_as_the_standard_says(string filter, string topic, bool seen, string clause) =>
        TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)).ShouldBe(seen, clause);

    [Theory]
    [InlineData("a", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("/", true)]
    [InlineData("a/#", true)]
    [InlineData("+/#", true)]
    [InlineData("/+/", true)]
    [InlineData("+/+/+", true)]
    [InlineData("$share", true)] // not a share: no slash follows
    [InlineData("$shared/g/a", true)]
    [InlineData("$share/g/a", true)]
    [InlineData("$share/g/#", true)]
    [InlineData("$share/g//", true)]
    [InlineData("$share/grü n/+/a", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("#/", false)]
    [InlineData("##", false)]
    [InlineData("+a", false)]
    [InlineData("a+", false)]
    [InlineData("a/+b/c", false)]
    [InlineData("++", false)]
    [InlineData("+#", false)]
    [InlineData("#+", false)]
    [InlineData("a\0", false)]
    [InlineData("a\u0001", false)]
    [InlineData("a\u0085", false)]
    [InlineData("$share/", false)]
    [InlineData("$share/g", false)]
    [InlineData("$share/g/", false)]
    [InlineData("$share//a", false)]
    [InlineData("$share/g+/a", false)]
    [InlineData("$share/#/a", false)]
    [InlineData("$share/g/a#", false)]
    public void A_filter_is_well_formed_or_not(string filter, bool isValid) => TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter)).ShouldBe(isValid);

    [Fact]
    public void A_filter_has_at_most_65535_bytes()
    {
        TopicFilter.IsValid(new byte[65_535].Select(_ => (byte)'/').ToArray()).ShouldBeTrue();
        TopicFilter.IsValid(new byte[65_536].Select(_ => (byte)'/').ToArray()).ShouldBeFalse();
    }

    [Fact]
    public void A_shared_filter_is_split_into_group_and_filter()
    {
        TopicFilter.TryParseShared("$share/group/a/+/#"u8, out var group, out var filter).ShouldBeTrue();

        Encoding.UTF8.GetString(group).ShouldBe("group");
        Encoding.UTF8.GetString(filter).ShouldBe("a/+/#");
        TopicFilter.IsShared("$share/group/a"u8).ShouldBeTrue();
        TopicFilter.IsShared("$share"u8).ShouldBeFalse();
    }

    [Fact]
    public void A_topic_is_seen_by_itself_by_hash_and_by_as_many_plus() =>
        Prop.ForAll(Arbitrary, levels =>
        {
            var topic = Encoding.UTF8.GetBytes(string.Join('/', levels));
            var pluses = Encoding.UTF8.GetBytes(string.Join('/', levels.Select(_ => "+")));

            return TopicFilter.Matches(topic, topic) && TopicFilter.Matches("#"u8, topic) && TopicFilter.Matches(pluses, topic) &&
                   TopicFilter.Matches([.. topic, .. "/#"u8], topic) && !TopicFilter.Matches([.. pluses, .. "/+"u8], topic);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Matching_compares_level_by_level() =>
        Prop.ForAll(Arbitrary, Arbitrary, (filterLevels, topicLevels) =>
        {
            var filter = string.Join('/', filterLevels.Select(level => level == "b" ? "+" : level));
            var topic = string.Join('/', topicLevels);
            var expected = filterLevels.Length == topicLevels.Length && filterLevels.Zip(topicLevels).All(pair => pair.First is "b" || pair.First == pair.Second);

            return TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)) == expected;
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<string[]> Arbitrary => Gen.Elements("a", "b", "", "ü").NonEmptyListOf().Select(levels => levels.ToArray()).ToArbitrary();
}
