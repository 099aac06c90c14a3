using Kuzzle.Edge.Broker.Access;

namespace Kuzzle.Edge.Broker.Tests.Access;

public sealed class TopicPatternTests
{
    private static readonly ClientIdentity Alice = new(IdentityKind.User, "alice");

    [Fact]
    public void Placeholders_are_the_names_of_the_client() =>
        TopicPattern.Parse("plant/%u/%c/#").ShouldNotBeNull().Expand(Alice, "c1").ShouldBe("plant/alice/c1/#");

    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a/b")]
    [InlineData("a+b")]
    [InlineData("a#")]
    [InlineData("")]
    public void A_name_that_is_more_than_a_plain_level_never_gets_into_a_filter(string name)
    {
        TopicPattern.Parse("plant/%c/#").ShouldNotBeNull().Expand(Alice, name).ShouldBeNull("CVE-2017-7650");
        TopicPattern.Parse("plant/%u/#").ShouldNotBeNull().Expand(Alice with { Name = name }, "c").ShouldBeNull("CVE-2017-7650");
    }

    [Fact]
    public void An_anonymous_client_has_no_user_name_whatever_it_sends() =>
        TopicPattern.Parse("plant/%u").ShouldNotBeNull().Expand(ClientIdentity.Anonymous, "c1").ShouldBeNull();

    [Fact]
    public void A_name_cannot_make_a_filter_one_of_the_brokers_own_topics()
    {
        TopicPattern.Parse("%c/#").ShouldNotBeNull().Expand(Alice, "$SYS").ShouldBeNull();
        TopicPattern.Parse("a/%c").ShouldNotBeNull().Expand(Alice, "$SYS").ShouldBe("a/$SYS");
    }

    [Fact]
    public void What_a_denial_cannot_name_it_takes_at_its_widest()
    {
        var pattern = TopicPattern.Parse("private/%u/%c").ShouldNotBeNull();

        pattern.ExpandWidely(ClientIdentity.Anonymous, "c").ShouldBe("private/+/c");
        pattern.ExpandWidely(Alice, "a/b").ShouldBe("private/alice/+");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("a+")]
    [InlineData("$share/g/a")]
    [InlineData("dev-%u/x")]
    [InlineData("x/%c%u")]
    public void What_is_no_filter_or_has_a_placeholder_within_a_level_is_no_pattern(string text) => TopicPattern.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("everyone", true, true)]
    [InlineData("anonymous", false, true)]
    [InlineData("user:alice", true, false)]
    [InlineData("user:a*e", true, false)]
    [InlineData("user:*", true, false)]
    [InlineData("user:al", false, false)]
    [InlineData("user:*b*", false, false)]
    [InlineData("device:alice", false, false)]
    [InlineData("client:c*", true, true)]
    [InlineData("client:d*", false, false)]
    public void A_rule_is_for_those_whom_it_names(string subject, bool forAlice, bool forAnonymous)
    {
        var parsed = AccessSubject.Parse(subject).ShouldNotBeNull();

        parsed.Matches(Alice, "c1").ShouldBe(forAlice);
        parsed.Matches(ClientIdentity.Anonymous, "c1").ShouldBe(forAnonymous);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Everyone")]
    [InlineData("user:")]
    [InlineData(":x")]
    [InlineData("alice")]
    [InlineData("group:x")]
    public void What_names_nobody_is_no_subject(string text) => AccessSubject.Parse(text).ShouldBeNull();
}
