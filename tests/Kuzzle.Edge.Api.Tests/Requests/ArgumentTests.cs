using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Api.Tests.Requests;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("""[]""")]
    [InlineData("null")]
    [InlineData("""{"requestId":1}""")]
    [InlineData("""{"controller":{}}""")]
    [InlineData("""{"action":true}""")]
    [InlineData("""{"jwt":5}""")]
    [InlineData("""{"volatile":[]}""")]
    [InlineData("""{"body":"text"}""")]
    public void A_payload_of_the_wrong_shape_is_no_request(string json)
    {
        var connection = new ClientConnection("mqtt", remoteAddress: null);

        ApiRequest.TryParse(Encoding.UTF8.GetBytes(json), connection, new ManualClock(), out _, out var fault).ShouldBeFalse();

        fault!.Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("document:create", """ "body":{},"silent":"true" """, "api.assert.invalid_type")]
    [InlineData("document:create", "", "api.assert.body_required")]
    [InlineData("document:get", """ "_id":9 """, "api.assert.invalid_type")]
    [InlineData("document:get", """ "_id":"" """, "api.assert.missing_argument")]
    [InlineData("document:update", """ "_id":"x","body":{},"refresh":true """, "api.assert.invalid_type")]
    [InlineData("document:update", """ "_id":"x","body":{},"refresh":"soon" """, "services.storage.invalid_argument")]
    [InlineData("document:mGet", """ "body":{"ids":[]} """, "api.assert.missing_argument")]
    [InlineData("document:mCreate", """ "body":{} """, "api.assert.missing_argument")]
    [InlineData("document:search", """ "body":{"wat":1} """, "services.storage.invalid_search_query")]
    [InlineData("document:search", """ "lang":"sql","body":{} """, "api.assert.invalid_argument")]
    [InlineData("document:search", """ "lang":"koncorde","body":{"query":{"bool":{}}} """, "api.assert.koncorde_restricted_keyword")]
    [InlineData("document:search", """ "size":10001 """, "services.storage.get_limit_exceeded")]
    public async Task A_wrong_argument_is_named(string action, string members, string error)
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");

        (await gateway.ErrorOfAsync(action, members)).ShouldBe(error);
    }

    [Theory]
    [InlineData("document:create", """ "body":{},"refresh":true """)]
    [InlineData("document:search", """ "size":"2" """)]
    [InlineData("document:mCreate", """ "body":{"documents":[]} """)]
    public async Task What_the_real_server_lets_pass_passes(string action, string members)
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");

        (await gateway.MustAsync(action, members)).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(201, 413)]
    public async Task Writes_of_one_request_have_a_bound(int documents, int status)
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");

        var answer = await gateway.DoAsync("document:mCreate", $$""" "body":{"documents":[{{string.Join(',', Enumerable.Repeat("""{"body":{}}""", documents))}}]} """);

        answer.GetProperty("status").GetInt32().ShouldBe(status);
    }
}
