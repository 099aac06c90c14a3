using System.Text.Json;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sync.Tests.Outbox;

public sealed class UpstreamMarkTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1.0, 2e0], "a": 1.00 }""", true)]
    [InlineData("""{"a":"\u00e9"}""", """{"a":"é"}""", true)]
    [InlineData("""{"a":9007199254740993}""", """{"a":9007199254740992}""", true)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":null}""", "{}", false)]
    public void Sources_with_the_same_values_have_the_same_mark(string left, string right, bool same) =>
        (UpstreamMark.Of(JsonElement.Parse(left)) == UpstreamMark.Of(JsonElement.Parse(right))).ShouldBe(same);

    [Fact]
    public void A_mark_survives_being_written()
    {
        var mark = UpstreamMark.Of(JsonElement.Parse("""{"a":1}"""));
        var bytes = new byte[UpstreamMark.Length];

        mark.CopyTo(bytes);

        UpstreamMark.Read(bytes).ShouldBe(mark);
    }
}
