using System.Threading.Channels;
using Kuzzle.Edge.Broker.Metrics;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>Events on their way to one who watches. Bounded: the oldest go first, and are counted.</summary>
internal sealed class EventQueue
{
    private readonly Channel<BrokerEvent> _channel;

    public EventQueue(BrokerEventKinds wanted, int capacity, BrokerMetrics metrics)
    {
        Wanted = wanted;
        _channel = Channel.CreateBounded<BrokerEvent>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.EventDropped());
    }

    public BrokerEventKinds Wanted { get; }

    public ChannelReader<BrokerEvent> Reader => _channel.Reader;

    public void Add(BrokerEvent happened) => _channel.Writer.TryWrite(happened);

    public void Complete() => _channel.Writer.TryComplete();
}
