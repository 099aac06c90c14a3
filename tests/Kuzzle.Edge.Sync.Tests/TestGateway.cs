using System.Net;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.WebSocket;
using Kuzzle.Edge.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests;

/// <summary>The product's own store, API and HTTP endpoint on loopback: an upstream like any other, or the edge below it.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly ClientConnection _connection = new("internal", remoteAddress: null);
    private readonly string _directory;

    private TestGateway(string directory, Func<SqliteStoreOptions, SqliteStoreOptions> configure, bool hasWebSocket)
    {
        _directory = directory;
        Store = SqliteDocumentStore.Open(
            configure(new SqliteStoreOptions { Directory = directory, Durability = StorageDurability.Relaxed }), TimeProvider.System, NullLoggerFactory.Instance);
        Api = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, Store, TimeProvider.System, NullLoggerFactory.Instance);
        Http = new HttpEndpoint(
            new HttpOptions { Address = IPAddress.Loopback, Port = 0, WebSocket = new KuzzleWebSocketOptions { Enabled = hasWebSocket } },
            Api,
            new LiveChannels(),
            mqtt: null,
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public SqliteDocumentStore Store { get; }

    public KuzzleApi Api { get; }

    public HttpEndpoint Http { get; }

    public int Port => Http.EndPoint.Port;

    public static async Task<TestGateway> StartAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null, bool hasWebSocket = true)
    {
        var gateway = new TestGateway(Directory.CreateTempSubdirectory("kuzzle-edge-sync-").FullName, configure ?? (options => options), hasWebSocket);
        await gateway.Api.OpenAsync(CancellationToken.None);
        await gateway.Http.StartAsync(CancellationToken.None);
        return gateway;
    }

    /// <summary>The result of a request that must succeed.</summary>
    public async Task<JsonElement> MustAsync(string request)
    {
        ApiRequest.TryParse(Encoding.UTF8.GetBytes(request), _connection, TimeProvider.System, out var parsed, out var fault).ShouldBeTrue(fault?.Message);
        var response = await Api.ExecuteAsync(parsed!, CancellationToken.None);
        response.Error.ShouldBeNull($"{request}: {response.Error?.Message}");
        return JsonElement.Parse(response.Result?.ToJsonString() ?? "null");
    }

    /// <summary>All documents of a collection by identifier, as they are stored; nothing when there is no such collection.</summary>
    public async Task<SortedDictionary<string, string>> DocumentsAsync(string index, string collection)
    {
        var documents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (long? after = 0; after is { } from;)
        {
            var page = await Store.WalkAsync(new CollectionName(index, collection), query: default, from, CancellationToken.None);
            foreach (var document in page.Documents) documents[document.Id] = Encoding.UTF8.GetString(document.Json.Span);
            after = page.Next;
        }

        return documents;
    }

    public async ValueTask DisposeAsync()
    {
        await Http.StopAsync(new CancellationToken(canceled: true));
        await Http.DisposeAsync();
        Api.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
