using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>The counters of one bridge, told apart by the tag <c>bridge</c>.</summary>
internal sealed class BridgeMetrics : IDisposable
{
    private readonly Meter _meter = new("Kuzzle.Edge.Sync");
    private readonly KeyValuePair<string, object?> _tag;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _dropped;

    public BridgeMetrics(MqttBridge bridge, IBridgeHome home)
    {
        _tag = new KeyValuePair<string, object?>("bridge", bridge.Name);
        _sent = _meter.CreateCounter<long>("bridge.sent", description: "Messages that the other side of a bridge has taken");
        _received = _meter.CreateCounter<long>("bridge.received", description: "Messages of the other side of a bridge that were published here");
        _dropped = _meter.CreateCounter<long>("bridge.dropped", description: "Messages that a bridge did not carry: refused, not carriable, in a loop, or of QoS 0 and ahead of what the other side takes");
        _meter.CreateObservableGauge(
            "bridge.online", () => new Measurement<int>(bridge.Status.State == LinkState.Online ? 1 : 0, _tag), description: "1 while the other side of the bridge is connected");
        _meter.CreateObservableGauge("bridge.waiting", () => new Measurement<int>(home.Waiting, _tag), description: "Messages that wait here for the other side of a bridge");
        _meter.CreateObservableCounter(
            "bridge.overflowed", () => new Measurement<long>(home.Overflowed, _tag), description: "Messages that were dropped because a bridge's queue was full");
    }

    public void Sent() => _sent.Add(1, _tag);

    public void Received() => _received.Add(1, _tag);

    public void Dropped(string reason) => _dropped.Add(1, new TagList { _tag, { "reason", reason } });

    public void Dispose() => _meter.Dispose();
}
