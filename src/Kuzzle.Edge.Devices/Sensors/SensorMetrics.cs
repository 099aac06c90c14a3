using System.Diagnostics.Metrics;
using Kuzzle.Edge.Devices.Sensors.Clocks;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The counters of the sensors of one box, under the meter <c>Kuzzle.Edge.Sensors</c>. Counted in plain fields and read when somebody looks.</summary>
internal sealed class SensorMetrics : IDisposable
{
    public const string MeterName = "Kuzzle.Edge.Sensors";

    /// <summary>How many sensors have series of their own: four each, of the two thousand that are kept in all. The sums are those of all sensors.</summary>
    public const int MaxNamed = 150;

    private static readonly KeyValuePair<string, object?> Failing = new("kind", "failing");
    private static readonly KeyValuePair<string, object?> Hanging = new("kind", "hanging");

    private readonly Meter _meter = new(MeterName);
    private readonly Func<IReadOnlyList<SensorState>> _states;
    private readonly BoardClock _clock;
    private long _readings;
    private long _published;
    private long _dropped;
    private long _alarms;

    /// <param name="states">The sensors as they are when somebody looks.</param>
    /// <param name="clock">The time, and whether it can be believed.</param>
    public SensorMetrics(Func<IReadOnlyList<SensorState>> states, BoardClock clock)
    {
        _states = states;
        _clock = clock;
        _ = _meter.CreateObservableUpDownCounter("sensor.count", Count, "{sensor}", "Sensors, by how they are.");
        _ = _meter.CreateObservableCounter("sensor.readings", () => Interlocked.Read(ref _readings), "{reading}", "Measurements that succeeded.");
        _ = _meter.CreateObservableCounter("sensor.published", () => Interlocked.Read(ref _published), "{reading}", "Readings and alarms that were published or stored.");
        _ = _meter.CreateObservableCounter("sensor.dropped", () => Interlocked.Read(ref _dropped), "{reading}", "Readings that were given up, since too many waited for the store.");
        _ = _meter.CreateObservableUpDownCounter("sensor.waiting", () => _states().Sum(state => (long)state.Waiting), "{reading}", "Readings that wait for the store.");
        _ = _meter.CreateObservableCounter("sensor.alarms", () => Interlocked.Read(ref _alarms), "{alarm}", "Alarms that were raised.");
        _ = _meter.CreateObservableUpDownCounter("sensor.alarms.raised", () => _states().Sum(state => (long)state.Channels.Sum(channel => channel.Alarms.Count)), "{alarm}", "Alarms that are raised now.");
        _ = _meter.CreateObservableCounter("sensor.errors", Errors, "{error}", "Measurements that failed or did not end in time, by device.");
        _ = _meter.CreateObservableGauge("sensor.reading.age", Ages, "s", "How old the last good measurement is, by device.");
        _ = _meter.CreateObservableGauge("sensor.last_success.timestamp", Times, "s", "When the last good measurement was, since 1970, by device.");
        _ = _meter.CreateObservableGauge("clock.synchronized", () => _clock.IsSynchronised ? 1 : 0, unit: null, "Whether somebody keeps the time of day right.");
    }

    /// <summary>The meter, by which tests tell one from another.</summary>
    public Meter Meter => _meter;

    /// <summary>A measurement has succeeded.</summary>
    public void Measured() => Interlocked.Increment(ref _readings);

    /// <summary>Readings were published.</summary>
    public void Published(int count) => Interlocked.Add(ref _published, count);

    /// <summary>A reading was given up.</summary>
    public void Dropped() => Interlocked.Increment(ref _dropped);

    /// <summary>An alarm was raised.</summary>
    public void AlarmRaised() => Interlocked.Increment(ref _alarms);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Device(SensorState state) => new("device", state.Name);

    private IEnumerable<Measurement<long>> Count()
    {
        var states = _states();
        return Enum.GetValues<SensorStatus>().Select(status => new Measurement<long>(states.Count(state => state.Status == status), new KeyValuePair<string, object?>("status", SensorJson.WordOf(status))));
    }

    private IEnumerable<Measurement<long>> Errors() => _states().Take(MaxNamed).SelectMany(state => (Measurement<long>[])
    [
        new(state.Failed - state.Hung, Device(state), Failing),
        new(state.Hung, Device(state), Hanging),
    ]);

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = _clock.Time.GetUtcNow();
        return LastGood().Select(good => new Measurement<double>(Math.Max(0, (now - good.At).TotalSeconds), Device(good.State)));
    }

    private IEnumerable<Measurement<double>> Times() => LastGood().Select(good => new Measurement<double>(good.At.ToUnixTimeMilliseconds() / 1000.0, Device(good.State)));

    /// <summary>Those that have been measured, and when: of several channels the one that has been silent for longest.</summary>
    private IEnumerable<(SensorState State, DateTimeOffset At)> LastGood()
    {
        foreach (var state in _states().Take(MaxNamed))
        {
            if (state.Channels.Min(channel => channel.MeasuredAt) is { } at) yield return (state, at);
        }
    }
}
