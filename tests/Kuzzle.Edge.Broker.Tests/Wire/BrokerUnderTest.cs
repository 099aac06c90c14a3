using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Tests.Durability;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Broker.Tests.Wire;

/// <summary>A broker with a clock that is turned by hand.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly List<WireClient> _clients = [];
    private readonly IBrokerStore _store;

    public BrokerUnderTest(MqttBrokerOptions? options = null)
        : this(options, new MemoryBrokerStore(), new ManualClock())
    {
    }

    private BrokerUnderTest(MqttBrokerOptions? options, IBrokerStore store, ManualClock clock)
    {
        Clock = clock;
        _store = store;
        Broker = new MqttBroker(options ?? new MqttBrokerOptions(), store, clock, NullLoggerFactory.Instance);
    }

    public ManualClock Clock { get; }

    public MqttBroker Broker { get; }

    /// <summary>The broker as the rest of a program uses it.</summary>
    public IMqttBroker Program => Broker;

    public IListenerProfile Profile { get; init; } = new OpenProfile(AnonymousAccess.Allowed);

    /// <summary>A broker that goes on where another has ended.</summary>
    public static async Task<BrokerUnderTest> StartAsync(
        IBrokerStore store, ManualClock? clock = null, MqttBrokerOptions? options = null, IListenerProfile? profile = null)
    {
        var broker = new BrokerUnderTest(options, store, clock ?? new ManualClock()) { Profile = profile ?? new OpenProfile(AnonymousAccess.Allowed) };
        await broker.Broker.StartAsync(CancellationToken.None);
        return broker;
    }

    /// <summary>A connection that has sent nothing.</summary>
    public WireClient Open(int version = 4, MqttPeer? peer = null)
    {
        var client = new WireClient(version);
        client.Served = Broker.ServeAsync(client.BrokerSide, peer ?? new MqttPeer(MqttTransport.Memory, null), Profile, CancellationToken.None);
        lock (_clients) _clients.Add(client);
        return client;
    }

    /// <summary>A connection that has sent this CONNECT.</summary>
    public async Task<WireClient> OpenAsync(byte[] connect, int version = 4, MqttPeer? peer = null)
    {
        var client = Open(version, peer);
        await client.SendAsync(connect);
        return client;
    }

    /// <summary>A connected client.</summary>
    public async Task<WireClient> ConnectAsync(
        string clientId, int version = 4, bool clean = true, int keepAlive = 0, Packet.Will? will = null, params byte[][] properties)
    {
        var client = await OpenAsync(Packet.Connect(clientId, version, clean, keepAlive, will, properties: properties), version);
        var connack = await client.ReceiveAsync();
        connack[0].ShouldBe((byte)0x20);
        connack[3].ShouldBe((byte)0, "the return code");
        return client;
    }

    /// <summary>A connected client, and whether the broker had its session.</summary>
    public async Task<(WireClient Client, bool SessionPresent)> ResumeAsync(string clientId, int version = 4, params byte[][] properties)
    {
        var client = await OpenAsync(Packet.Connect(clientId, version, clean: false, properties: properties), version);
        var connack = await client.ReceiveAsync();
        connack[0].ShouldBe((byte)0x20);
        return (client, connack[2] == 1);
    }

    /// <summary>Turns the clock as long as something takes that waits for it.</summary>
    public async Task TurnClockUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await done;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is ModelBrokerStore model) model.Release(); // A test that failed before it did would never end.
        await TurnClockUntilAsync(Broker.DisposeAsync().AsTask());
        foreach (var client in _clients) await client.Served;
    }
}
