using System.Text.Json;
using Kuzzle.Edge.Testing.Hostile;

namespace Kuzzle.Edge.Api.Tests.Documents;

/// <summary>A mapping with <c>dynamic: true</c> grows by what is stored, and by nothing else.</summary>
public sealed class DynamicMappingTests : IAsyncLifetime, IDisposable
{
    private readonly Gateway _gateway = new();

    public async Task InitializeAsync()
    {
        await _gateway.MustAsync("collection:create", """ "body":{"mappings":{"dynamic":"true"}} """);
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"known":1} """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("document:create", """ "_id":"x","body":{"stray":1} """)]
    [InlineData("document:replace", """ "_id":"none","body":{"stray":1} """)]
    [InlineData("document:update", """ "_id":"none","body":{"stray":1} """)]
    [InlineData("document:mCreate", """ "strict":true,"body":{"documents":[{"_id":"x","body":{"stray":1}}]} """)]
    [InlineData("document:mReplace", """ "strict":true,"body":{"documents":[{"_id":"none","body":{"stray":1}}]} """)]
    [InlineData("document:mUpdate", """ "strict":true,"body":{"documents":[{"_id":"none","body":{"stray":1}}]} """)]
    [InlineData("bulk:import", """ "strict":true,"body":{"bulkData":[{"create":{"_id":"x"}},{"stray":1}]} """)]
    [InlineData("bulk:import", """ "strict":true,"body":{"bulkData":[{"update":{"_id":"none"}},{"doc":{"stray":1}}]} """)]
    [InlineData("document:updateByQuery", """ "body":{"query":{"nonsense":{}},"changes":{"stray":1}} """)]
    public async Task A_refused_write_leaves_the_mapping_as_it_was(string action, string members)
    {
        var before = await StoreFingerprint.OfAsync(_gateway.Store);

        var answer = await _gateway.DoAsync(action, members);

        answer.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Object, answer.ToString());
        (await StoreFingerprint.OfAsync(_gateway.Store)).ShouldBe(before);
    }

    [Theory]
    [InlineData("document:create", """ "body":{"fresh":"text"} """)]
    [InlineData("document:createOrReplace", """ "_id":"x","body":{"fresh":"text"} """)]
    [InlineData("document:update", """ "_id":"x","body":{"fresh":"text"} """)]
    [InlineData("document:upsert", """ "_id":"new","body":{"changes":{"known":2},"default":{"fresh":"text"}} """)]
    [InlineData("document:mCreate", """ "body":{"documents":[{"_id":"x","body":{"stray":1}},{"body":{"fresh":"text"}}]} """)]
    [InlineData("document:updateByQuery", """ "body":{"query":{},"changes":{"fresh":"text"}} """)]
    [InlineData("bulk:write", """ "body":{"fresh":"text"} """)]
    [InlineData("bulk:import", """ "body":{"bulkData":[{"create":{"_id":"x"}},{"stray":1},{"create":{}},{"fresh":"text"}]} """)]
    public async Task What_is_stored_is_in_the_mapping_when_its_sender_hears_of_it(string action, string members)
    {
        await _gateway.MustAsync(action, members);

        var properties = (await _gateway.MustAsync("collection:getMapping")).GetProperty("properties");
        properties.GetProperty("fresh").GetProperty("type").GetString().ShouldBe("text");
        properties.TryGetProperty("stray", out _).ShouldBeFalse("what was refused is not there");
    }
}
