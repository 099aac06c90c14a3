using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.KuzzleV2;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>A gateway as it ships, but for its clock: documents in SQLite, and HTTP, WebSocket and MQTT before one API. Open to everybody, and with few bounds.</summary>
internal sealed class StoredGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"kuzzle-edge-entrances-{Guid.NewGuid():N}");
    private readonly ManualClock _clock = new();
    private readonly SqliteDocumentStore _store;
    private readonly HttpEndpoint _http;
    private readonly MqttBroker _broker;
    private readonly KuzzleProfile _profile;
    private readonly List<Task> _served = [];

    public StoredGateway()
    {
        // The clock stands still, so that no token expires between two looks at the store.
        var options = new ApiOptions
        {
            FreshRights = FreshRights.Open,
            NodeName = "test-node",
            Limits = new ApiLimits { LoginsPerSecond = 10_000 },
            Security = new SecurityOptions { PasswordIterations = 10 },
        };
        _store = SqliteDocumentStore.Open(new SqliteStoreOptions { Directory = _directory, Durability = StorageDurability.Relaxed }, TimeProvider.System, NullLoggerFactory.Instance);
        Api = new KuzzleApi(options, _store, _clock, NullLoggerFactory.Instance);
        _http = new HttpEndpoint(
            new HttpOptions { Address = IPAddress.Loopback, Port = 0 }, Api, new LiveChannels(), mqtt: null, TimeProvider.System, NullLoggerFactory.Instance);
        _broker = new MqttBroker(new MqttBrokerOptions { MaxPacketBytes = 4 << 20 }, TimeProvider.System, NullLoggerFactory.Instance);
        _profile = new KuzzleProfile(new KuzzleMqttOptions(), Api, _broker, new LiveChannels(), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public KuzzleApi Api { get; }

    public IDocumentStore Store => _store;

    public Uri Http => new($"http://{_http.EndPoint}");

    public Task StartAsync() => _http.StartAsync(CancellationToken.None);

    public async Task<ClientWebSocket> OpenSocketAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{_http.EndPoint}/"), CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    public async Task<WireClient> ConnectMqttAsync()
    {
        var (client, server) = WirePipe.Pair();
        var wire = new WireClient(client);
        _served.Add(_broker.ServeAsync(server, new MqttPeer(MqttTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 40_000)), _profile, CancellationToken.None));
        await wire.ConnectAsync();
        return wire;
    }

    /// <summary>Brings everything back to what it was at first: some requests take the documents away, or the right to ask.</summary>
    public async Task FurnishAsync()
    {
        await DoAsync(Request("admin", "resetSecurity"));
        await DoAsync(Request("admin", "resetDatabase"));
        await DoAsync(Request("collection", "create") with { Index = "i", Collection = "c", Body = JsonElement.Parse("""{"mappings":{"dynamic":"true"}}""") });
        await DoAsync(Request("document", "create") with { Index = "i", Collection = "c", Id = "x", Body = JsonElement.Parse("""{"a":1}""") });
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _broker.StopAsync(CancellationToken.None);
        await _profile.StopAsync(CancellationToken.None).WaitAsync(Patience);
        await Task.WhenAll(_served).WaitAsync(Patience);
        await Api.StopAsync(CancellationToken.None);
        Api.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private ApiRequest Request(string controller, string action) => ApiRequest.Create(controller, action, new ClientConnection("internal", remoteAddress: null), Caller.System, _clock);

    private async Task DoAsync(ApiRequest request) => (await Api.ExecuteAsync(request, CancellationToken.None)).Error.ShouldBeNull();
}
