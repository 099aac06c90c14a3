using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kuzzle.Edge.Devices.Sensors;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

public sealed class SensorMetricsTests
{
    [Fact]
    public async Task What_sensors_do_is_counted_for_all_and_told_for_each()
    {
        await using var host = await new SensorHost().StartAsync(
            Simulated("room") with { Store = ReadingStorage.All, Alarms = [new AlarmOptions { Name = "warm", Above = -100 }] },
            Simulated("gone") with { Source = SensorSourceKind.Hwmon });
        await Waiting.UntilAsync(() => host.Sensors.States is [{ Published: >= 2 }, { Failed: >= 1 }]);
        host.Clock.Advance(TimeSpan.FromSeconds(4));

        var told = Look(host.Sensors.Metrics.Meter);

        told["sensor.readings"].ShouldBe(1);
        told["sensor.published"].ShouldBe(2, "a reading and an alarm");
        told["sensor.alarms"].ShouldBe(1);
        told["sensor.alarms.raised"].ShouldBe(1);
        told["sensor.waiting"].ShouldBe(0);
        told["sensor.dropped"].ShouldBe(0);
        told["sensor.count status=ok"].ShouldBe(1);
        told["sensor.count status=failing"].ShouldBe(1);
        told["sensor.errors device=gone kind=failing"].ShouldBe(1);
        told["sensor.errors device=gone kind=hanging"].ShouldBe(0);
        told["sensor.reading.age device=room"].ShouldBe(4, 0.1);
        told.Keys.ShouldNotContain("sensor.reading.age device=gone", "it has never been measured");
        told["clock.synchronized"].ShouldBe(1);
    }

    [Fact]
    public async Task However_many_sensors_there_are_the_series_have_a_bound()
    {
        await using var host = await new SensorHost().StartAsync([.. Enumerable.Range(0, 200).Select(number => Simulated($"s{number}"))]);
        await Waiting.UntilAsync(() => host.Sensors.States.All(state => state.Measured >= 1));

        var told = Look(host.Sensors.Metrics.Meter);

        told.Keys.Count(name => name.Contains("device=", StringComparison.Ordinal)).ShouldBe(4 * SensorMetrics.MaxNamed);
        told["sensor.count status=ok"].ShouldBe(200);
    }

    private static SensorOptions Simulated(string name) => new() { Name = name, Source = SensorSourceKind.Simulated };

    private static ConcurrentDictionary<string, double> Look(Meter meter)
    {
        var told = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            told[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")])] = value;

        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter == meter) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }
}
