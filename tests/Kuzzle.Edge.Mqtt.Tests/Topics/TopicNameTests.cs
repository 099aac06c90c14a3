using Kuzzle.Edge.Mqtt.Tests.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Tests.Topics;

public sealed class TopicNameTests
{
    [Theory]
    [InlineData("'a'", true, "one character is enough")]
    [InlineData("'/'", true, "empty levels")]
    [InlineData("' '", true, "a blank is a character")]
    [InlineData("'$SYS/x'", true, "a dollar is a matter of rights")]
    [InlineData("EF BB BF 'a'", true, "[MQTT-1.5.3-3]")]
    [InlineData("41 F0 AA 9B 94", true, "U+2A6D4, 3.1.1 1.5.3.1")]
    [InlineData("C2 A0", true, "U+00A0 is no control character")]
    [InlineData("EF BF BF", true, "U+FFFF: a non-character may pass")]
    [InlineData("", false, "[MQTT-4.7.3-1]")]
    [InlineData("'a/#'", false, "[MQTT-3.3.2-2]")]
    [InlineData("'+'", false, "[MQTT-3.3.2-2]")]
    [InlineData("'ü/+'", false, "[MQTT-3.3.2-2]")]
    [InlineData("'a' 00", false, "[MQTT-1.5.3-2]")]
    [InlineData("'a' 01", false, "control character")]
    [InlineData("'a' 1F", false, "control character")]
    [InlineData("'a' 7F", false, "control character")]
    [InlineData("'a' C2 80", false, "control character U+0080")]
    [InlineData("'a' C2 9F 'b'", false, "control character U+009F")]
    [InlineData("'a' C2 A0 C2 85", false, "a control character behind another U+00xx")]
    [InlineData("C0 80", false, "[MQTT-1.5.3-1]: overlong")]
    [InlineData("ED A0 80", false, "[MQTT-1.5.3-1]: surrogate")]
    [InlineData("ED BF BF", false, "[MQTT-1.5.3-1]: surrogate")]
    [InlineData("F4 90 80 80", false, "[MQTT-1.5.3-1]: above U+10FFFF")]
    [InlineData("'a' C3", false, "[MQTT-1.5.3-1]: cut")]
    [InlineData("'a' E2 82", false, "[MQTT-1.5.3-1]: cut")]
    [InlineData("80", false, "[MQTT-1.5.3-1]: lonely continuation")]
    [InlineData("C2", false, "[MQTT-1.5.3-1]: cut")]
    public void A_topic_name_is_valid_or_not(string bytes, bool isValid, string clause) => TopicName.IsValid(Wire.Bytes(bytes)).ShouldBe(isValid, clause);

    [Fact]
    public void A_topic_has_at_most_65535_bytes()
    {
        TopicName.IsValid(Enumerable.Repeat((byte)'/', 65_535).ToArray()).ShouldBeTrue();
        TopicName.IsValid(Enumerable.Repeat((byte)'/', 65_536).ToArray()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("'a'", 1)]
    [InlineData("'/'", 2)]
    [InlineData("'a//b'", 3)]
    public void Levels_may_be_empty(string topic, int levels) => TopicName.CountLevels(Wire.Bytes(topic)).ShouldBe(levels);

    [Fact]
    public void An_alias_stands_for_the_last_topic_it_came_with()
    {
        var aliases = new TopicAliases(2);

        aliases.TryResolve(""u8, 1, out _).ShouldBeFalse();
        aliases.TryResolve("a"u8, 1, out var resolved).ShouldBeTrue();
        resolved.ToArray().ShouldBe("a"u8.ToArray());
        aliases.TryResolve(""u8, 1, out resolved).ShouldBeTrue();
        resolved.ToArray().ShouldBe("a"u8.ToArray());
        aliases.TryResolve("b"u8, 1, out _).ShouldBeTrue();
        aliases.TryResolve(""u8, 1, out resolved).ShouldBeTrue();
        resolved.ToArray().ShouldBe("b"u8.ToArray());
        aliases.TryResolve("c"u8, 3, out _).ShouldBeFalse();
        aliases.TryResolve("c"u8, 0, out resolved).ShouldBeTrue();
        resolved.ToArray().ShouldBe("c"u8.ToArray());
        aliases.TryResolve(""u8, 0, out _).ShouldBeFalse();
    }
}
