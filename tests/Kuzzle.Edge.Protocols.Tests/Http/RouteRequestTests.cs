using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Routes;
using Kuzzle.Edge.Protocols.Http;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class RouteRequestTests
{
    private static readonly RouteTable Routes = new(ApiActions.All);

    [Theory]
    [InlineData("?silent", "silent", "true")]
    [InlineData("?silent=", "silent", "true")]
    [InlineData("?silent=true", "silent", "true")]
    [InlineData("?silent=1", "silent", "true")]
    [InlineData("?silent=false", "silent", "true")]
    [InlineData("?silent=0", "silent", "true")]
    [InlineData("?retryOnConflict=3", "retryOnConflict", "3")]
    [InlineData("?retryOnConflict=three", "retryOnConflict", "\"three\"")]
    [InlineData("?retryOnConflict=1e999", "retryOnConflict", "\"1e999\"")]
    [InlineData("?refresh=wait_for", "refresh", "\"wait_for\"")]
    [InlineData("?refresh", "refresh", "\"wait_for\"")]
    [InlineData("?refresh=false", "refresh", "\"false\"")]
    [InlineData("?unheardOf=a%20b", "unheardOf", "\"a b\"")]
    [InlineData("?unheardOf=a+b", "unheardOf", "\"a b\"")]
    [InlineData("?jwt=token", "jwt", "\"token\"")]
    [InlineData("?volatile={\"a\":1}", "volatile", "{\"a\":1}")]
    public void Text_of_the_query_string_becomes_what_the_argument_is(string query, string name, string json) =>
        Compose("PATCH", "/i/c/d/_update", query)[name]!.ToJsonString().ShouldBe(json);

    [Theory]
    [InlineData("?ids=a,b", "[\"a\",\"b\"]")]
    [InlineData("?ids=a", "[\"a\"]")]
    [InlineData("?ids=[\"a,b\",\"c\"]", "[\"a,b\",\"c\"]")]
    [InlineData("?ids=[broken", "[\"[broken\"]")]
    public void A_member_of_the_body_may_stand_in_the_query_string(string query, string ids) =>
        Compose("GET", "/i/c/_mGet", query)["body"]!["ids"]!.ToJsonString().ShouldBe(ids);

    [Fact]
    public void The_body_of_a_search_may_stand_in_the_query_string() =>
        Compose("GET", "/i/c/_search", "?from=2&searchBody={\"query\":{}}").ToJsonString()
            .ShouldBe("""{"requestId":"id","from":2,"index":"i","collection":"c","controller":"document","action":"search","body":{"query":{}}}""");

    [Fact]
    public void A_search_body_that_is_no_object_is_left_to_be_refused() =>
        Compose("GET", "/i/c/_search", "?searchBody=nonsense")["body"]!.GetValue<string>().ShouldBe("nonsense");

    [Fact]
    public void Credentials_may_stand_in_the_query_string()
    {
        var request = Compose("GET", "/_login/local", "?username=bob&password=1234&expiresIn=1h");

        request["body"]!.ToJsonString().ShouldBe("""{"username":"bob","password":"1234"}""");
        ((string?)request["strategy"]).ShouldBe("local");
        ((string?)request["expiresIn"]).ShouldBe("1h");
    }

    [Fact]
    public void The_path_wins_over_the_query_string_and_neither_names_another_action()
    {
        var request = Compose("GET", "/i/c/d", "?index=other&controller=admin&action=resetDatabase&body={}");

        ((string?)request["index"]).ShouldBe("i");
        ((string?)request["controller"]).ShouldBe("document");
        ((string?)request["action"]).ShouldBe("get");
        request.ContainsKey("body").ShouldBeFalse();
    }

    [Fact]
    public void Headers_win_over_the_query_string()
    {
        var match = Routes.Find("GET", "/_now")!;

        var json = RouteRequest.Compose(match, "?jwt=weak", new HeaderArguments("id", "strong", "{\"v\":1}"u8.ToArray()), default);

        var request = Last(json);
        ((string?)request["jwt"]).ShouldBe("strong");
        request["volatile"]!.ToJsonString().ShouldBe("""{"v":1}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(" [1,2] ")]
    [InlineData("5")]
    public void One_value_may_be_a_body(string body) => JsonBody.FindFault(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Theory]
    [InlineData("{},\"jwt\":\"x\"")]
    [InlineData("{}{}")]
    [InlineData("{")]
    [InlineData(" ")]
    [InlineData("}")]
    [InlineData("\uFEFF{}")]
    public void More_or_less_than_one_value_may_not(string body) => JsonBody.FindFault(Encoding.UTF8.GetBytes(body)).ShouldNotBeNull();

    private static JsonObject Compose(string method, string path, string query) =>
        Last(RouteRequest.Compose(Routes.Find(method, path)!, query, new HeaderArguments("id", Jwt: null, default), default));

    /// <summary>Of members of one name the last, as the parser of requests reads them.</summary>
    private static JsonObject Last(ReadOnlyMemory<byte> json)
    {
        Kuzzle.Edge.Api.Requests.JsonEntrance.TryParse(json, out var element, out var fault).ShouldBeTrue(fault);
        return JsonNode.Parse(element.GetRawText())!.AsObject();
    }
}
