using System.Globalization;
using System.Reflection;
using System.Text;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.SysTopics;

/// <summary>
/// <c>$SYS/broker/…</c>: counters under the names that mosquitto gives them, so that dashboards made for it work. Retained, and published again when they have changed;
/// never stored.
/// </summary>
internal sealed class StatisticsTopics : IDue, IDisposable
{
    private const string Prefix = "$SYS/broker/";

    private readonly BrokerCore _core;
    private readonly Alarm _alarm;
    private readonly long _interval;
    private readonly long _startedAt;
    private readonly LoadAverage[] _loads;
    private readonly Dictionary<string, string> _published = new(StringComparer.Ordinal);
    private long _lastAt;
    private long _mostClients;
    private long _mostMemory;

    public StatisticsTopics(BrokerCore core)
    {
        var metrics = core.Metrics;
        _core = core;
        _alarm = new Alarm(core.Clock, this);
        _interval = (long)core.Options.StatisticsInterval.TotalMilliseconds;
        _startedAt = _lastAt = core.Clock.Now;
        _loads =
        [
            new("messages/received", () => metrics.Traffic.PacketsIn),
            new("messages/sent", () => metrics.Traffic.PacketsOut),
            new("publish/received", () => metrics.Traffic.MessagesIn),
            new("publish/sent", () => metrics.Traffic.MessagesOut),
            new("publish/dropped", () => metrics.MessagesDropped),
            new("bytes/received", () => metrics.Traffic.PacketBytesIn),
            new("bytes/sent", () => metrics.Traffic.PacketBytesOut),
            new("connections", () => metrics.Connections),
            new("sockets", () => metrics.Sockets),
        ];
    }

    /// <summary>The broker begins to serve.</summary>
    public void Begin()
    {
        Publish("version", "Kuzzle.Edge broker version " + typeof(StatisticsTopics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        PublishAll(_core.Clock.Now);
        _alarm.Set(_core.Clock.Now + _interval);
    }

    public long OnDue(long now)
    {
        var passed = TimeSpan.FromMilliseconds(now - _lastAt);
        _lastAt = now;
        if (passed > TimeSpan.Zero) Array.ForEach(_loads, load => load.Advance(passed));
        PublishAll(now);
        return now + _interval;
    }

    public void Dispose() => _alarm.Disarm();

    private void PublishAll(long now)
    {
        foreach (var (topic, value) in ReadCounters()) Publish(topic, value.ToString(CultureInfo.InvariantCulture));
        foreach (var load in _loads)
        {
            foreach (var (topic, value) in load.Read()) Publish(topic, value);
        }

        Publish("uptime", $"{(now - _startedAt) / 1000} seconds");
    }

    private IEnumerable<(string Topic, long Value)> ReadCounters()
    {
        var metrics = _core.Metrics;
        var traffic = metrics.Traffic;
        var connected = metrics.Clients;
        var total = Math.Max(connected, _core.Sessions.Count);
        _mostClients = Math.Max(_mostClients, connected);
        yield return ("clients/total", total);
        yield return ("clients/connected", connected);
        yield return ("clients/active", connected);
        yield return ("clients/disconnected", total - connected);
        yield return ("clients/inactive", total - connected);
        yield return ("clients/maximum", _mostClients);
        yield return ("clients/expired", metrics.ExpiredSessions);
        yield return ("messages/received", traffic.PacketsIn);
        yield return ("messages/sent", traffic.PacketsOut);
        yield return ("messages/stored", metrics.Queued + _core.Retained.Count);
        yield return ("store/messages/count", metrics.Queued + _core.Retained.Count);
        yield return ("store/messages/bytes", metrics.QueuedBytes + _core.Retained.Bytes);
        yield return ("publish/messages/received", traffic.MessagesIn);
        yield return ("publish/messages/sent", traffic.MessagesOut);
        yield return ("publish/messages/dropped", metrics.MessagesDropped);
        yield return ("publish/bytes/received", traffic.BytesIn);
        yield return ("publish/bytes/sent", traffic.BytesOut);
        yield return ("bytes/received", traffic.PacketBytesIn);
        yield return ("bytes/sent", traffic.PacketBytesOut);
        yield return ("subscriptions/count", metrics.Subscriptions);
        yield return ("retained messages/count", _core.Retained.Count);
        var memory = GC.GetTotalMemory(forceFullCollection: false);
        _mostMemory = Math.Max(_mostMemory, memory);
        yield return ("heap/current", memory);
        yield return ("heap/maximum", _mostMemory);
    }

    private void Publish(string name, string value)
    {
        if (_published.TryGetValue(name, out var last) && last == value) return;

        _published[name] = value;
        var batch = _core.Batches.Rent();
        var topic = Encoding.UTF8.GetBytes(Prefix + name);
        var publication = batch.Handle(topic, default, Encoding.UTF8.GetBytes(value), qos: 0, retain: true, BrokerClock.Never);
        _ = _core.Router.Route(publication, publisher: null, batch);
        _core.Events.Published(publication, client: null);
        _core.Batches.Finish(batch);
    }
}
