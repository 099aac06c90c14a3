using Kuzzle.Edge.Api;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.WebSocket;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests;

/// <summary>A real API over documents in memory, behind a real HTTP port of the loopback.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private TestGateway(HttpOptions options, MqttOverWebSocket? mqtt)
    {
        Api = TestApi.Create(TimeProvider.System);
        Channels = new LiveChannels();
        Endpoint = new HttpEndpoint(options, Api, Channels, mqtt, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public KuzzleApi Api { get; }

    public LiveChannels Channels { get; }

    public HttpEndpoint Endpoint { get; }

    public Uri Http => new($"http://{Endpoint.EndPoint}");

    public Uri WebSocket => new($"ws://{Endpoint.EndPoint}");

    public static async Task<TestGateway> StartAsync(Func<HttpOptions, HttpOptions>? configure = null, MqttOverWebSocket? mqtt = null)
    {
        var options = new HttpOptions { Address = System.Net.IPAddress.Loopback, Port = 0 };
        var gateway = new TestGateway(configure?.Invoke(options) ?? options, mqtt);
        await gateway.Endpoint.StartAsync(CancellationToken.None);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        Api.Dispose();
    }
}
