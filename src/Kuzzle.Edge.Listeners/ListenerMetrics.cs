using System.Diagnostics.Metrics;

namespace Kuzzle.Edge.Listeners;

/// <summary>The counters of all MQTT listeners, under the meter <c>Kuzzle.Edge.Listeners</c>.</summary>
internal sealed class ListenerMetrics : IDisposable
{
    public const string MeterName = "Kuzzle.Edge.Listeners";

    private static readonly KeyValuePair<string, object?> Unfinished = new("reason", "unfinished");
    private static readonly KeyValuePair<string, object?> Refused = new("reason", "refused");

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _delayed;
    private readonly Counter<long> _tooMany;
    private readonly Counter<long> _failedHandshakes;

    public ListenerMetrics()
    {
        _delayed = _meter.CreateCounter<long>("mqtt.listener.connections.delayed", "{connection}", "Connections that waited, since more came than maxConnectionsPerSecond.");
        _tooMany = _meter.CreateCounter<long>("mqtt.listener.connections.closed", "{connection}", "Connections closed at once, since as many as allowed were served.");
        _failedHandshakes = _meter.CreateCounter<long>("mqtt.listener.tls.failed", "{handshake}", "TLS handshakes that came to nothing.");
    }

    /// <summary>The meter, by which tests tell one from another.</summary>
    public Meter Meter => _meter;

    public void Delayed() => _delayed.Add(1);

    public void TooMany() => _tooMany.Add(1);

    public void HandshakeFailed(HandshakeFault fault) => _failedHandshakes.Add(1, fault == HandshakeFault.Unfinished ? Unfinished : Refused);

    public void Dispose() => _meter.Dispose();
}
