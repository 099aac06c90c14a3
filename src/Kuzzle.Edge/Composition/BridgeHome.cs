using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Composition;

/// <summary>The broker of this box, as one bridge uses it.</summary>
internal sealed class BridgeHome : IBridgeHome, IAsyncDisposable
{
    private readonly MqttBroker _broker;
    private readonly DrogueUplink _uplink;
    private readonly MqttBridgeOptions _options;
    private readonly InProcessConnector _connector;
    private long _overflowed;

    /// <param name="broker">The broker.</param>
    /// <param name="uplink">Where commands go.</param>
    /// <param name="options">The bridge.</param>
    public BridgeHome(MqttBroker broker, DrogueUplink uplink, MqttBridgeOptions options)
    {
        _broker = broker;
        _uplink = uplink;
        _options = options;
        var bounds = new SessionBounds(options.MaxQueuedMessages, options.MaxQueuedBytes, uint.MaxValue)
        {
            ReceiveMaximum = MqttBridge.MostUnderWay,
            DropsOldest = options.QueuePolicy == QueuePolicy.DropOldest,
            Overflowed = () => Interlocked.Increment(ref _overflowed),
        };
        _connector = new InProcessConnector(broker, new InternalProfile(options.LocalClientId, bounds));
    }

    /// <inheritdoc/>
    public IMqttConnector Connector => _connector;

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldFilters => _broker.FindClient(_options.LocalClientId)?.Filters ?? [];

    /// <inheritdoc/>
    public int Waiting => _broker.FindClient(_options.LocalClientId)?.Owed ?? 0;

    /// <inheritdoc/>
    public long Overflowed => Interlocked.Read(ref _overflowed);

    /// <inheritdoc/>
    public Task<string?> CommandAsync(BridgeCommand command, CancellationToken cancellationToken) => _uplink.CommandAsync(command, cancellationToken);

    /// <inheritdoc/>
    public void Announce(LinkState state) =>
        _broker.Publish(MqttMessage.OfText(MqttBridgeOptions.StateTopicOf(_options.Name), state == LinkState.Online ? "1" : "0") with { Retain = true });

    /// <summary>Takes the state back: the bridge is not there any more.</summary>
    public void Withdraw() => _broker.Publish(new MqttMessage(MqttBridgeOptions.StateTopicOf(_options.Name), ReadOnlyMemory<byte>.Empty) { Retain = true });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connector.DisposeAsync();
}
