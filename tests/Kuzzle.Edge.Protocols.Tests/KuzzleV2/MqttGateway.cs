using System.Net;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.KuzzleV2;
using Kuzzle.Edge.Protocols.Realtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>A real API over documents in memory and a real broker, with connections in memory.</summary>
internal sealed class MqttGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<WireClient, Task> _connections = [];

    public MqttGateway(KuzzleMqttOptions? options = null, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        Api = TestApi.Create(clock);
        Broker = new MqttBroker(new MqttBrokerOptions { MaxPacketBytes = 4 << 20 }, clock, NullLoggerFactory.Instance);
        Profile = new KuzzleProfile(options ?? new KuzzleMqttOptions(), Api, Broker, new LiveChannels(), clock, NullLoggerFactory.Instance);
    }

    public KuzzleApi Api { get; }

    public MqttBroker Broker { get; }

    public KuzzleProfile Profile { get; }

    /// <summary>A client whose CONNECT was accepted.</summary>
    public async Task<WireClient> ConnectAsync(int level = 4, string clientId = "", bool clean = true, (string Topic, string Payload)? will = null)
    {
        var client = Open();
        await client.ConnectAsync(level, clientId, clean, will);
        return client;
    }

    /// <summary>A connection that has sent nothing yet.</summary>
    public WireClient Open(IListenerProfile? profile = null)
    {
        var (client, server) = WirePipe.Pair();
        var wire = new WireClient(client);
        var peer = new MqttPeer(MqttTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 40_000 + _connections.Count));
        _connections.Add(wire, Broker.ServeAsync(server, peer, profile ?? Profile, CancellationToken.None));
        return wire;
    }

    /// <summary>Waits until the broker has done with a connection.</summary>
    public Task WhenGoneAsync(WireClient client) => _connections[client].WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await Broker.StopAsync(CancellationToken.None);
        await Profile.StopAsync(CancellationToken.None).WaitAsync(Patience);
        await Task.WhenAll(_connections.Values).WaitAsync(Patience);
        await Api.StopAsync(CancellationToken.None);
        Api.Dispose();
    }
}
