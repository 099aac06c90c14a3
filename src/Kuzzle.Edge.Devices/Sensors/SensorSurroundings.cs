using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Sensors.Publishing;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What all sensors share.</summary>
/// <param name="Clock">The time, and whether it can be believed.</param>
/// <param name="Publisher">The way into the API.</param>
/// <param name="Outlet">Who asks sensors for what they have to tell.</param>
/// <param name="Topics">The plain MQTT topics.</param>
/// <param name="Metrics">What counts for all of them.</param>
/// <param name="Discovery">Who tells Home Assistant; null when nobody does.</param>
internal sealed record SensorSurroundings(BoardClock Clock, DevicePublisher Publisher, Outlet Outlet, IPlainTopics Topics, SensorMetrics Metrics, Discovery? Discovery)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _retries = [];
    private bool _isStopped;

    /// <summary>The topic of a sensor's readings; null when it has none.</summary>
    public string? TopicOf(SensorOptions sensor) => Discovery is null ? sensor.Topic : Discovery.TopicOf(sensor);

    /// <summary>Has somebody asked again after a while.</summary>
    public void Retry(ITalker talker, TimeSpan after)
    {
        lock (_gate)
        {
            if (_isStopped) return;

            ITimer? timer = null;
            timer = Clock.Time.CreateTimer(_ => Ask(talker, timer!), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _retries.Add(timer);
            timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(after.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>No retry comes any more.</summary>
    public void StopRetries()
    {
        lock (_gate)
        {
            _isStopped = true;
            foreach (var timer in _retries) timer.Dispose();
            _retries.Clear();
        }
    }

    private void Ask(ITalker talker, ITimer timer)
    {
        lock (_gate)
        {
            if (!_retries.Remove(timer)) return;
            timer.Dispose();
        }

        Outlet.Add(talker);
        Outlet.Flush();
    }
}
