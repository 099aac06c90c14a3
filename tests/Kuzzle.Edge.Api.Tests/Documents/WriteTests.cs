using System.Text.Json;

namespace Kuzzle.Edge.Api.Tests.Documents;

public sealed class WriteTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("document:create", """ "_id":"new","body":{"_kuzzle_info":{"author":"eve"}} """, "new", "created -")]
    [InlineData("document:createOrReplace", """ "_id":"new","body":{} """, "new", "created changed")]
    [InlineData("document:replace", """ "_id":"old","body":{} """, "old", "created changed")]
    [InlineData("document:mCreate", """ "body":{"documents":[{"_id":"new","body":{}}]} """, "new", "created -")]
    [InlineData("document:mCreateOrReplace", """ "body":{"documents":[{"_id":"new","body":{}}]} """, "new", "created -")]
    [InlineData("document:mReplace", """ "body":{"documents":[{"_id":"old","body":{}}]} """, "old", "created -")]
    [InlineData("document:update", """ "_id":"old","body":{} """, "old", "created changed")]
    [InlineData("document:upsert", """ "_id":"new","body":{"changes":{}} """, "new", "created changed")]
    [InlineData("document:mUpsert", """ "body":{"documents":[{"_id":"new","changes":{}}]} """, "new", "created absent")]
    [InlineData("bulk:write", """ "_id":"new","body":{} """, "new", "none")]
    [InlineData("bulk:updateByQuery", """ "body":{"query":{},"changes":{"z":1}} """, "old", "created -")]
    public async Task Metadata_say_who_made_and_who_changed_a_document(string action, string members, string id, string expected)
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("document:create", """ "_id":"old","body":{} """);

        await _gateway.MustAsync(action, members);

        var source = (await _gateway.MustAsync("document:get", $"\"_id\":\"{id}\"")).GetProperty("_source");
        Show(source).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"o":{"a":1,"b":2},"l":[1,2]}""", """{"o":{"b":3}}""", """{"o":{"a":1,"b":3},"l":[1,2]}""")]
    [InlineData("""{"o":{"a":1},"l":[1,2]}""", """{"o":null,"l":[3]}""", """{"o":null,"l":[3]}""")]
    [InlineData("""{"o":1}""", """{"o":{"a":1},"n":{}}""", """{"o":{"a":1},"n":{}}""")]
    [InlineData("""{"a":1}""", """{"b":2,"a":3,"c":4}""", """{"a":3,"b":2,"c":4}""")]
    public async Task An_update_merges_objects_and_replaces_the_rest(string before, string changes, string after)
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("document:create", $"\"_id\":\"x\",\"body\":{before}");

        await _gateway.MustAsync("document:update", $"\"_id\":\"x\",\"body\":{changes}");

        var document = await _gateway.MustAsync("document:get", "\"_id\":\"x\"");
        WithoutMetadata(document.GetProperty("_source")).ShouldBe(after);
        document.GetProperty("_version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_item_does_not_take_its_neighbours_down()
    {
        await _gateway.MustAsync("collection:create");
        const string Documents = """ "body":{"documents":[{"_id":"1","body":{}},{"_id":"2"},{"_id":"1","body":{}},{"_id":"3","body":{}}]},"strict":true """;

        var answer = await _gateway.DoAsync("document:mCreate", Documents);

        answer.GetProperty("status").GetInt32().ShouldBe(400);
        answer.GetProperty("error").GetProperty("id").GetString().ShouldBe("api.process.incomplete_multiple_request");
        answer.GetProperty("error").GetProperty("count").GetInt32().ShouldBe(2);
        (await _gateway.MustAsync("document:count")).GetProperty("count").GetInt32().ShouldBe(2, "what was done stays done");
    }

    private static string Show(JsonElement source)
    {
        if (!source.TryGetProperty("_kuzzle_info", out var info)) return "none";

        info.GetProperty("author").GetString().ShouldBe("-1");
        info.GetProperty("createdAt").GetInt64().ShouldBeGreaterThan(0);
        if (!info.TryGetProperty("updater", out var updater)) return "created absent";
        return updater.ValueKind == JsonValueKind.Null ? "created -" : "created changed";
    }

    private static string WithoutMetadata(JsonElement source) =>
        "{" + string.Join(',', source.EnumerateObject().Where(member => member.Name != "_kuzzle_info").Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
}
