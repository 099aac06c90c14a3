using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.Requests;

public sealed class EntranceTests
{
    [Fact]
    public async Task A_request_whose_client_leaves_before_its_turn_does_nothing()
    {
        var store = new InMemoryDocumentStore();
        var options = new ApiOptions { FreshRights = FreshRights.Open, Limits = new ApiLimits { ConcurrentRequests = 1 } };
        using var api = new KuzzleApi(options, store, TimeProvider.System, NullLoggerFactory.Instance);
        var entrance = new Entrance(api, TimeProvider.System, NullLogger.Instance);
        var connection = new ClientConnection("http", remoteAddress: null);
        await api.OpenAsync(CancellationToken.None);
        await store.DefineCollectionAsync(new CollectionName("i", "c"), _ => new CollectionDefinition(JsonElement.Parse("{}"), JsonElement.Parse("{}")), CancellationToken.None);
        var disk = new TaskCompletionSource();
        store.Disk = disk.Task;
        using var leaving = new CancellationTokenSource();
        var running = entrance.ExecuteAsync(Create("first"), CancellationToken.None);
        var waiting = entrance.ExecuteAsync(Create("second"), leaving.Token);

        await leaving.CancelAsync();
        var dropped = await waiting;
        disk.SetResult();

        var error = JsonElement.Parse(dropped.Json.Span).GetProperty("error");
        error.GetProperty("id").GetString().ShouldBe("api.process.connection_dropped");
        (error.GetProperty("status").GetInt32(), error.GetProperty("code").GetInt32()).ShouldBe((400, 33685507));
        (await running).Status.ShouldBe(200);
        (await store.FindAsync(new CollectionName("i", "c"), "second", CancellationToken.None)).ShouldBeNull();

        ApiRequest Create(string id) => TestApi.Request($$$"""{"controller":"document","action":"create","index":"i","collection":"c","_id":"{{{id}}}","body":{}}""", connection);
    }
}
