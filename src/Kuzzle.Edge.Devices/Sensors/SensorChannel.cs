using Kuzzle.Edge.Devices.Sensors.Conditioning;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>One value of a sensor from its samples to what is told of it. Used by one thread at a time.</summary>
internal sealed class SensorChannel(SensorOptions sensor, ChannelOptions options)
{
    private readonly SampleWindow _window = new(sensor.Samples, sensor.Reduce);
    private readonly PublicationGate _gate = new(options.DeadBand, sensor.MinInterval, sensor.MaxInterval);
    private readonly AlarmWatch[] _alarms = [.. options.Alarms.Select(alarm => new AlarmWatch(alarm))];
    private TimeSpan _takenAt;
    private bool _isStale;

    /// <summary>The value told or measured last; null before the first.</summary>
    public double? Value { get; private set; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>The alarms that are raised.</summary>
    public IReadOnlyList<string> Raised => [.. _alarms.Where(alarm => alarm.IsRaised).Select(alarm => alarm.Options.Name)];

    /// <summary>Takes a sample. Answers whether its reading is to be published, with the value of that reading.</summary>
    public bool Take(double sample, DateTimeOffset at, TimeSpan now, out double value)
    {
        value = sample;
        At = at;
        _takenAt = now;
        _isStale = false;
        if (_window.Add(sample) is not { } reduced)
        {
            Value ??= sample;
            return false;
        }

        Value = value = reduced;
        return _gate.Passes(value, now);
    }

    /// <summary>The alarms that a sample raises or ends. Samples, not readings: an alarm does not wait for an average.</summary>
    public IEnumerable<AlarmWatch> ChangedBy(double sample) => _alarms.Where(alarm => alarm.Changes(sample));

    /// <summary>The next reading is published, whatever its value: subscribers were told something else in between.</summary>
    public void Reopen() => _gate.Reopen();

    /// <summary>Whether the last value is too old from now on. True once; and the next value is published, whatever it is.</summary>
    public bool BecomesStale(TimeSpan now, TimeSpan limit)
    {
        if (_isStale || now - _takenAt < limit) return false;

        _isStale = true;
        _gate.Reopen();
        return true;
    }

    /// <summary>Whether the value can be believed.</summary>
    public bool IsInRange(double value) => !(value < options.ValidMin) && !(value > options.ValidMax);
}
