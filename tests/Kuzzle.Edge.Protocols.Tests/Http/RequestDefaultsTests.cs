using System.Text;
using Kuzzle.Edge.Protocols.Http;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class RequestDefaultsTests
{
    [Theory]
    [InlineData("""{"action":"now"}""", """{"requestId":"id","jwt":"token","action":"now"}""")]
    [InlineData("""{}""", """{"requestId":"id","jwt":"token"}""")]
    [InlineData(" \n{ } ", """{"requestId":"id","jwt":"token" } """)]
    [InlineData("""{"requestId":"mine","jwt":"own"}""", """{"requestId":"id","jwt":"token","requestId":"mine","jwt":"own"}""")]
    [InlineData("[1]", "[1]")]
    [InlineData("", "")]
    [InlineData("{", "{")]
    public void Defaults_come_before_what_the_request_says(string json, string expected) =>
        Encoding.UTF8.GetString(RequestDefaults.Add(Encoding.UTF8.GetBytes(json), "id", "token").Span).ShouldBe(expected);

    [Fact]
    public void Without_a_token_none_is_added() =>
        Encoding.UTF8.GetString(RequestDefaults.Add("{}"u8.ToArray(), "a\"b", jwt: null).Span).ShouldBe("""{"requestId":"a\u0022b"}""");
}
