using System.Collections.Concurrent;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>A broker as one bridge uses it, through a switch.</summary>
internal sealed class TestHome : IBridgeHome, IAsyncDisposable
{
    private readonly MqttBroker _broker;
    private readonly MqttBridgeOptions _options;
    private readonly InProcessConnector _connector;
    private long _overflowed;

    public TestHome(MqttBroker broker, MqttBridgeOptions options)
    {
        _broker = broker;
        _options = options;
        var bounds = new SessionBounds(options.MaxQueuedMessages, options.MaxQueuedBytes, uint.MaxValue)
        {
            ReceiveMaximum = MqttBridge.MostUnderWay,
            DropsOldest = options.QueuePolicy == QueuePolicy.DropOldest,
            Overflowed = () => Interlocked.Increment(ref _overflowed),
        };
        _connector = new InProcessConnector(broker, new InternalProfile("bridge", bounds));
        Door = new SwitchedConnector(_connector);
    }

    public SwitchedConnector Door { get; }

    public ConcurrentQueue<LinkState> Announced { get; } = new();

    public IMqttConnector Connector => Door;

    public IReadOnlyList<string> HeldFilters => _broker.FindClient(_options.LocalClientId)?.Filters ?? [];

    public int Waiting => _broker.FindClient(_options.LocalClientId)?.Owed ?? 0;

    public long Overflowed => Interlocked.Read(ref _overflowed);

    public ConcurrentQueue<BridgeCommand> Commands { get; } = new();

    public Task<string?> CommandAsync(BridgeCommand command, CancellationToken cancellationToken)
    {
        Commands.Enqueue(command);
        return Task.FromResult<string?>(null);
    }

    public void Announce(LinkState state) => Announced.Enqueue(state);

    public ValueTask DisposeAsync() => _connector.DisposeAsync();
}
