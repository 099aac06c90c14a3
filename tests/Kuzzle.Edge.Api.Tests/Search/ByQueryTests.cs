namespace Kuzzle.Edge.Api.Tests.Search;

/// <summary>Actions that change whatever a query finds: one that is no query must not find everything.</summary>
public sealed class ByQueryTests : IAsyncLifetime, IDisposable
{
    private readonly Gateway _gateway = new();

    public async Task InitializeAsync()
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":1} """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("document:deleteByQuery", """{"query":"a"}""", "api.assert.invalid_type")]
    [InlineData("document:deleteByQuery", """{"quarry":{}}""", "services.storage.invalid_search_query")]
    [InlineData("document:updateByQuery", """{"query":[],"changes":{"a":2}}""", "api.assert.invalid_type")]
    [InlineData("document:updateByQuery", """{"changes":{"a":2}}""", "api.assert.missing_argument")]
    [InlineData("bulk:deleteByQuery", """{}""", "api.assert.missing_argument")]
    [InlineData("bulk:deleteByQuery", """{"query":1}""", "api.assert.invalid_type")]
    [InlineData("bulk:deleteByQuery", """{"query":{},"quarry":{}}""", "services.storage.invalid_search_query")]
    [InlineData("bulk:updateByQuery", """{"query":{}}""", "api.assert.missing_argument")]
    [InlineData("document:count", """{"query":true}""", "api.assert.invalid_type")]
    public async Task What_is_no_query_changes_nothing(string action, string body, string error)
    {
        (await _gateway.ErrorOfAsync(action, $"\"body\":{body}")).ShouldBe(error);

        (await _gateway.MustAsync("document:get", "\"_id\":\"x\"")).GetProperty("_version").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"query":{}}""")]
    [InlineData("""{"query":null}""")]
    public async Task An_empty_query_is_everything(string body)
    {
        (await _gateway.MustAsync("document:deleteByQuery", $"\"body\":{body}")).GetProperty("ids").GetArrayLength().ShouldBe(1);
    }
}
