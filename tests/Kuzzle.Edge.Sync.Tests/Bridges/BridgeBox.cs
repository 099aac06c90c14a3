using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>A broker with an observer of all its messages, bridges to others, and a switch that cuts what others have to it.</summary>
internal sealed class BridgeBox : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly MqttBroker _broker;
    private readonly IBrokerStore _store;
    private readonly List<InProcessConnector> _connectors = [];
    private readonly List<MqttBridge> _bridges = [];
    private readonly List<TestHome> _homes = [];
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private MqttClient? _observer;

    private BridgeBox(string name, IBrokerStore store)
    {
        _name = name;
        _store = store;
        _broker = new MqttBroker(new MqttBrokerOptions(), store, TimeProvider.System, NullLoggerFactory.Instance);
        Door = new SwitchedConnector(Connector(new OpenProfile(AnonymousAccess.Allowed)));
    }

    /// <summary>How others come in.</summary>
    public SwitchedConnector Door { get; }

    /// <summary>What the latest bridge has of this box.</summary>
    public TestHome? Home { get; private set; }

    /// <summary>Gets what bridges log that are made from now on.</summary>
    public LogLines? Log { get; set; }

    public ConcurrentQueue<LinkState> Announced => Home!.Announced;

    public static async Task<BridgeBox> StartAsync(string name, IBrokerStore? store = null)
    {
        var box = new BridgeBox(name, store ?? new MemoryBrokerStore());
        await box._broker.StartAsync(CancellationToken.None);
        box._observer = await box.ClientAsync("observer", (incoming, _) =>
        {
            box._heard.Writer.TryWrite($"{incoming.Message.Topic} {Encoding.UTF8.GetString(incoming.Message.Payload.Span)}{(incoming.Message.Retain ? " retained" : "")}");
            return new(Task.CompletedTask);
        });
        await box._observer.SubscribeAsync([new SubscriptionRequest { Filter = "#", QualityOfService = QualityOfService.ExactlyOnce, RetainAsPublished = true }, new SubscriptionRequest { Filter = "$SYS/broker/connection/#", QualityOfService = QualityOfService.AtLeastOnce }], 0, CancellationToken.None);
        return box;
    }

    public MqttBridge Bridge(BridgeBox other, MqttVersion version, params BridgeTopic[] topics) => Bridge(other.Door, version, topics);

    public MqttBridge Bridge(IMqttConnector other, MqttVersion version, params BridgeTopic[] topics) => Bridge(other, Options(version, topics));

    public MqttBridgeOptions Options(MqttVersion version, params BridgeTopic[] topics) => new()
    {
        Name = "up",
        Url = new Uri("mqtt://other"),
        Version = version,
        ClientId = $"bridge of {_name}",
        Topics = topics,
        MaxRetryDelay = TimeSpan.FromSeconds(1),
    };

    public MqttBridge Bridge(IMqttConnector other, MqttBridgeOptions options)
    {
        Home = new TestHome(_broker, options);
        _homes.Add(Home);
        var bridge = new MqttBridge(options, _name, Home, other, TimeProvider.System, Log ?? (ILoggerFactory)NullLoggerFactory.Instance);
        _bridges.Add(bridge);
        bridge.Start();
        return bridge;
    }

    /// <summary>The bridge is gone as if its process had been killed: without a word to either side, and with all that it knew.</summary>
    public async Task KillAsync(MqttBridge bridge, SwitchedConnector other)
    {
        Home!.Door.Cut();
        other.Cut();
        await bridge.DisposeAsync();
        other.Mend();
    }

    public async Task PublishAsync(string topic, string payload, QualityOfService qos = QualityOfService.AtLeastOnce, bool retain = false)
    {
        await using var client = await ClientAsync($"publisher {Guid.NewGuid()}", (_, _) => new(Task.CompletedTask));
        var message = new MqttApplicationMessage(topic, Encoding.UTF8.GetBytes(payload)) { QualityOfService = qos, Retain = retain };
        (await client.PublishAsync(message, CancellationToken.None).WaitAsync(Patience)).IsAccepted.ShouldBeTrue();
    }

    public async Task<string> HearAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _heard.Reader.ReadAsync(limit.Token);
    }

    /// <summary>How many messages a client has not acknowledged to the end.</summary>
    public int OwedTo(string clientId) => _broker.FindClient(clientId)?.Owed ?? 0;

    public int Unheard => _heard.Reader.Count;

    public async ValueTask DisposeAsync()
    {
        foreach (var bridge in _bridges) await bridge.DisposeAsync();
        if (_observer is not null) await _observer.DisposeAsync();
        await _broker.DisposeAsync();
        foreach (var home in _homes) await home.DisposeAsync();
        foreach (var connector in _connectors) await connector.DisposeAsync();
        await _store.DisposeAsync();
    }

    private InProcessConnector Connector(IListenerProfile profile)
    {
        var connector = new InProcessConnector(_broker, profile);
        _connectors.Add(connector);
        return connector;
    }

    private Task<MqttClient> ClientAsync(string clientId, MqttHandler handler) => MqttClient.ConnectAsync(
        new MqttClientOptions { ClientId = clientId, CleanStart = true, KeepAlive = TimeSpan.Zero },
        Connector(new OpenProfile(AnonymousAccess.Allowed)),
        new MemoryMqttSession(),
        handler,
        TimeProvider.System,
        CancellationToken.None);
}
