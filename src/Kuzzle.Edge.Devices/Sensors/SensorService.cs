using Kuzzle.Edge.Api;
using Kuzzle.Edge.Hardware.Hwmon;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Simulated;
using Kuzzle.Edge.Hardware.Thermal;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The sensors of this box: each is read on its own schedule and publishes as a device of its own.</summary>
public sealed class SensorService : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SensorLoop[] _loops;
    private Task _running = Task.CompletedTask;

    /// <summary>The configured sensors; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="sensors">The sensors, each without faults and with a name of its own.</param>
    /// <param name="publishOnTopic">Publishes bytes on a plain MQTT topic; called from any thread, must not block.</param>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    /// <exception cref="ArgumentException">A sensor has faults, or two have the same name.</exception>
    public SensorService(
        IReadOnlyList<SensorOptions> sensors,
        KuzzleApi api,
        Action<string, ReadOnlyMemory<byte>> publishOnTopic,
        TimeProvider clock,
        ILoggerFactory loggers,
        string sysfs = "/sys")
    {
        var logger = loggers.CreateLogger<SensorService>();
        foreach (var sensor in sensors)
        {
            if (sensor.FindFaults() is [var (key, fault), ..]) throw new ArgumentException($"The sensor '{sensor.Name}': {key} {fault}.", nameof(sensors));
        }

        if (sensors.GroupBy(sensor => sensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two sensors are named '{twice.Key}'.", nameof(sensors));
        }

        _loops = [.. sensors.Select(sensor => new SensorLoop(
            sensor, SourceOf(sensor, sysfs), new ReadingPublisher(sensor, api, clock), publishOnTopic, clock, logger))];
    }

    /// <summary>How all sensors are now, in the order of the configuration.</summary>
    public IReadOnlyList<SensorState> States => [.. _loops.Select(loop => loop.State)];

    /// <summary>Begins to read. To be called once.</summary>
    public void Start() => _running = Task.WhenAll(_loops.Select(loop => loop.RunAsync(_stop.Token)));

    /// <summary>Ends all loops; a measurement under way is not waited for.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static ISensorSource SourceOf(SensorOptions sensor, string sysfs) => sensor.Source switch
    {
        SensorSourceKind.Hwmon => new HwmonSource(sensor.Chip, sensor.Channel, sysfs),
        SensorSourceKind.Thermal => new ThermalSource(sensor.Chip, sysfs),
        SensorSourceKind.Iio => new IioSource(sensor.Chip, sensor.Channel ?? "temp", sysfs),
        _ => new SimulatedSource(sensor.Seed, sensor.Mean, sensor.Amplitude, sensor.Period),
    };
}
