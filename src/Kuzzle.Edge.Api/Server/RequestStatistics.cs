using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Server;

/// <summary>
/// Counts requests and connections by protocol: now, and in frames of an interval each. A frame is finished by the first event after its time, so an idle gateway
/// does nothing; intervals in which nothing happened have no frame.
/// </summary>
internal sealed class RequestStatistics(StatisticsOptions options, TimeProvider clock)
{
    private const int MaxFrames = 100_000;

    private readonly Lock _lock = new();
    private readonly Queue<StatisticsFrame> _frames = new();
    private readonly SortedDictionary<string, long> _ongoing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _connections = new(StringComparer.Ordinal);
    private StatisticsFrame _current = new();
    private long _currentBegan = clock.GetUtcNow().ToUnixTimeMilliseconds();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void Connected(string protocol) => Change(_connections, protocol, 1);

    public void Disconnected(string protocol) => Change(_connections, protocol, -1);

    public void Began(string protocol)
    {
        lock (_lock)
        {
            Roll();
            Change(_ongoing, protocol, 1);
        }
    }

    public void Ended(string protocol, bool hasFailed)
    {
        lock (_lock)
        {
            Roll();
            Change(_ongoing, protocol, -1);
            if (options.Enabled) _current.Count(protocol, hasFailed);
        }
    }

    /// <summary>The connections of clients; those of this process's own parts are none.</summary>
    public JsonObject Connections()
    {
        lock (_lock) return StatisticsFrame.Show(_connections.Where(count => count.Key != "internal"));
    }

    /// <summary>The frame that was finished last, or the one that is not when there is none.</summary>
    public JsonObject Last()
    {
        lock (_lock)
        {
            Roll();
            return _frames.Count > 0 ? Show(_frames.Last()) : ShowCurrent();
        }
    }

    /// <summary>The frames that were finished within these times (milliseconds since 1970, both included), and the one that is not, if they reach it.</summary>
    public JsonArray Between(long from, long to)
    {
        lock (_lock)
        {
            Roll();
            var frames = new JsonArray([.. _frames.Where(frame => frame.Timestamp >= from && frame.Timestamp <= to).Select(Show)]);
            if (from <= Now && to >= _currentBegan) frames.Add((JsonNode)ShowCurrent());
            return frames;
        }
    }

    private static JsonObject Show(StatisticsFrame frame) =>
        frame.ToJson(frame.Timestamp, frame.Closing!.Value.Ongoing.DeepClone().AsObject(), frame.Closing!.Value.Connections.DeepClone().AsObject());

    private JsonObject ShowCurrent() => _current.ToJson(Now, StatisticsFrame.Show(_ongoing), StatisticsFrame.Show(_connections));

    private void Change(SortedDictionary<string, long> counts, string protocol, int by)
    {
        lock (_lock) counts[protocol] = counts.GetValueOrDefault(protocol) + by;
    }

    private void Roll()
    {
        var now = Now;
        if (now - _currentBegan < options.Interval.TotalMilliseconds) return;

        if (!_current.IsEmpty)
        {
            _current.Timestamp = now;
            _current.Closing = (StatisticsFrame.Show(_ongoing), StatisticsFrame.Show(_connections));
            _frames.Enqueue(_current);
            _current = new StatisticsFrame();
        }

        _currentBegan = now;
        while (_frames.TryPeek(out var oldest) && (_frames.Count > MaxFrames || now - oldest.Timestamp > options.TimeToLive.TotalMilliseconds)) _frames.Dequeue();
    }
}
