using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Protocols.Drogue;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>Laws of the grammars of topics and filters.</summary>
public sealed class TopicTests
{
    private static readonly Arbitrary<string> Topics = Gen.ArrayOf(Gen.Elements('a', 'b', '/', '/', '+', '#', '@', 'é', ' ')).Select(letters => new string(letters)).ToArbitrary();

    [Fact]
    public void Whatever_a_topic_is_each_dialect_reads_a_channel_or_refuses_it() => Prop.ForAll(Topics, topic =>
        DeviceGateway.Dialects.All(dialect => !DrogueTopic.TryRead(dialect, topic, out var read) || (read.Channel.Length > 0 && topic.Contains(read.Channel, StringComparison.Ordinal))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_topic_of_v1_is_its_channel_and_its_device_joined_again() => Prop.ForAll(Topics, topic =>
    {
        if (!DrogueTopic.TryRead(DeviceDialect.DrogueV1, topic, out var read)) return topic.Length == 0 || topic[0] == '/' || topic.Count(letter => letter == '/') > 1;

        return topic == (read.Device is null ? read.Channel : $"{read.Channel}/{read.Device}") && !read.Channel.Contains('/', StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_plain_topic_is_its_channel_verbatim() => Prop.ForAll(Topics, topic =>
        DrogueTopic.TryRead(DeviceDialect.PlainTopic, topic, out var read) ? read == new DrogueTopic(topic, Device: null) : topic.Length == 0).QuickCheckThrowOnFailure();

    [Fact]
    public void A_prefixed_topic_is_its_device_and_its_channel_joined_again() => Prop.ForAll(Topics, topic =>
    {
        if (!DrogueTopic.TryRead(DeviceDialect.PrefixedPlainTopic, topic, out var read)) return !topic.Contains('/', StringComparison.Ordinal) || topic.IndexOf('/', StringComparison.Ordinal) == topic.Length - 1;

        return topic == $"{read.Device}/{read.Channel}" && read.Device?.Contains('/', StringComparison.Ordinal) != true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_filter_that_is_granted_asks_for_the_own_device_or_for_the_one_it_names() => Prop.ForAll(Topics, middle =>
    {
        if (!InboxFilter.TryRead($"command/inbox/{middle}", out var filter)) return true;

        return filter.Kind switch
        {
            InboxKind.All => filter.AsksFor("own", "own") && filter.AsksFor("own", "other"),
            InboxKind.Own => filter.AsksFor("own", "own") && !filter.AsksFor("own", "other"),
            _ => filter.AsksFor("own", filter.Device!) && !filter.AsksFor("own", filter.Device + "x") && !filter.Device!.AsSpan().ContainsAny("/+#"),
        };
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"dialect":{"type":"drogue/v1"}}""", "drogue/v1", false)]
    [InlineData("""{"dialect":{"type":"plainTopic"}}""", "plainTopic", false)]
    [InlineData("""{"dialect":{"type":"plainTopic","devicePrefix":true}}""", "plainTopic", true)]
    [InlineData("""{"dialect":{"type":"plainTopic","devicePrefix":false}}""", "plainTopic", false)]
    [InlineData("{}", null, false)]
    [InlineData("null", null, false)]
    public void A_dialect_is_read_from_a_document(string section, string? type, bool hasPrefix)
    {
        DeviceDialect.TryRead(System.Text.Json.JsonDocument.Parse(section).RootElement, out var dialect, out var fault).ShouldBeTrue(fault);

        dialect?.Type.ShouldBe(type);
        (dialect is null).ShouldBe(type is null);
        (dialect?.HasDevicePrefix ?? false).ShouldBe(hasPrefix);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"dialect":"drogue/v1"}""")]
    [InlineData("""{"dialect":{}}""")]
    [InlineData("""{"dialect":{"type":"cumulocity"}}""")]
    [InlineData("""{"dialect":{"type":7}}""")]
    [InlineData("""{"dialect":{"type":"plainTopic","devicePrefix":"yes"}}""")]
    public void A_dialect_that_cannot_be_read_says_what_would_be_right(string section)
    {
        DeviceDialect.TryRead(System.Text.Json.JsonDocument.Parse(section).RootElement, out var dialect, out var fault).ShouldBeFalse();

        dialect.ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain("must be");
    }
}
