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
        Encoding.UTF8.GetString(RequestDefaults.Add(Encoding.UTF8.GetBytes(json), new HeaderArguments("id", "token", default)).Span).ShouldBe(expected);

    [Fact]
    public void Without_a_token_none_is_added() =>
        Encoding.UTF8.GetString(RequestDefaults.Add("{}"u8.ToArray(), new HeaderArguments("a\"b", Jwt: null, default)).Span).ShouldBe("""{"requestId":"a\u0022b"}""");

    [Fact]
    public void Metadata_of_the_header_is_added() =>
        Encoding.UTF8.GetString(RequestDefaults.Add("{}"u8.ToArray(), new HeaderArguments("id", Jwt: null, "{\"a\":1}"u8.ToArray())).Span)
            .ShouldBe("""{"requestId":"id","volatile":{"a":1}}""");
}
