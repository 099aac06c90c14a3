using System.Net;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.Drogue;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>A real broker with a device endpoint over a registry in memory.</summary>
internal sealed class DeviceGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Task> _connections = [];

    public DeviceGateway(DrogueOptions? options = null, TimeProvider? clock = null, params IEnumerable<TestDevice> devices)
    {
        clock ??= TimeProvider.System;
        Registry = new TestRegistry([
            new TestDevice("gw1") { Password = "secret", User = ("u1", "pw1") },
            new TestDevice("dev2") { Password = "two", Gateways = ["gw1"] },
            new TestDevice("dev3") { Password = "three" },
            .. devices]);
        Broker = new MqttBroker(new MqttBrokerOptions(), clock, NullLoggerFactory.Instance);
        Profile = new DrogueProfile(options ?? new DrogueOptions(), Registry, Registry, Registry, clock, NullLoggerFactory.Instance);
    }

    public static DeviceDialect[] Dialects => [DeviceDialect.DrogueV1, DeviceDialect.PlainTopic, DeviceDialect.PrefixedPlainTopic];

    public TestRegistry Registry { get; }

    public MqttBroker Broker { get; }

    public DrogueProfile Profile { get; }

    /// <summary>A gateway of another dialect: the device gw1, whatever it is in other tests.</summary>
    public static DeviceGateway Speaking(DeviceDialect dialect) => new(devices: [new TestDevice("gw1") { Password = "secret", Dialect = dialect }]);

    /// <summary>A connection that has sent nothing yet.</summary>
    public DeviceClient Open(int version = 4, MqttPeer? peer = null)
    {
        var (client, server) = WirePipe.Pair();
        var served = Broker.ServeAsync(server, peer ?? new MqttPeer(MqttTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 40_000)), Profile, CancellationToken.None);
        _connections.Add(served);
        return new DeviceClient(client, version, served);
    }

    /// <summary>The device gw1, connected.</summary>
    public async Task<DeviceClient> ConnectAsync(int version = 4, string device = "gw1", string password = "secret", (string Topic, string Payload)? will = null, byte[]? willProperties = null)
    {
        var client = Open(version);
        (await client.ConnectAsync(user: $"{device}@app1", password: password, will: will, willProperties: willProperties)).Code.ShouldBe((byte)0);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.StopAsync(CancellationToken.None).WaitAsync(Patience);
        await Profile.StopAsync(CancellationToken.None).WaitAsync(Patience);
        await Task.WhenAll(_connections).WaitAsync(Patience);
        await Broker.DisposeAsync();
    }
}
