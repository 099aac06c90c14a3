using Kuzzle.Edge.Api;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Devices.Sensors.Publishing;
using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Kuzzle.Edge.Hardware.Sensors;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The sensors of this box: each publishes as a device of its own. Safe from any thread.</summary>
public sealed class SensorService : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<BoardSensor> _sensors = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ProbeFactory _probes;
    private readonly SensorSurroundings _around;
    private readonly ReaderThreads _readers;
    private readonly Schedule _schedule;
    private readonly ILogger _logger;
    private Task _publishing = Task.CompletedTask;
    private bool _isStarted;
    private bool _isStopped;

    /// <summary>The configured sensors; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="sensors">The sensors, each without faults and with a name of its own.</param>
    /// <param name="api">Where readings go.</param>
    /// <param name="board">The hardware of this box.</param>
    /// <param name="publishOnTopic">Publishes bytes on a plain MQTT topic, retained or not; called from any thread, must not block.</param>
    /// <param name="wall">Whether the time of day is known.</param>
    /// <exception cref="ArgumentException">A sensor has faults, or two have the same name.</exception>
    public SensorService(
        IReadOnlyList<SensorOptions> sensors,
        KuzzleApi api,
        SensorBoard board,
        Action<string, ReadOnlyMemory<byte>, bool> publishOnTopic,
        IWallClock wall,
        TimeProvider clock,
        ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<SensorService>();
        _probes = new ProbeFactory(board);
        _around = new SensorSurroundings(new BoardClock(wall, clock), new DevicePublisher(api, clock), new Outlet(_logger), publishOnTopic);
        _readers = new ReaderThreads(_around.Outlet.Flush, _logger);
        _schedule = new Schedule(_readers, clock);
        foreach (var sensor in sensors) Add(sensor);
    }

    /// <summary>How all sensors are now, in the order of the configuration.</summary>
    public IReadOnlyList<SensorState> States
    {
        get
        {
            lock (_gate) return [.. _sensors.Select(sensor => sensor.State)];
        }
    }

    /// <summary>Adds a sensor; it is read at once when the others are.</summary>
    /// <exception cref="ArgumentException">It has faults, or there is one of its name.</exception>
    public void Add(SensorOptions options)
    {
        if (options.FindFaults() is [var (key, fault), ..]) throw new ArgumentException($"The sensor '{options.Name}': {key} {fault}.", nameof(options));

        lock (_gate)
        {
            if (_sensors.Exists(sensor => sensor.Options.Name == options.Name)) throw new ArgumentException($"Two sensors are named '{options.Name}'.", nameof(options));

            var sensor = new BoardSensor(options, _probes.Create(options), _around, _logger);
            _sensors.Add(sensor);
            if (_isStarted && !_isStopped) _schedule.Add(sensor);
        }
    }

    /// <summary>Removes a sensor; false when there is none of that name.</summary>
    public bool Remove(string name)
    {
        BoardSensor? sensor;
        lock (_gate)
        {
            sensor = _sensors.Find(sensor => sensor.Options.Name == name);
            if (sensor is null) return false;
            _sensors.Remove(sensor);
        }

        _schedule.Remove(sensor);
        sensor.Dispose();
        return true;
    }

    /// <summary>Reads a sensor now, out of turn and without publishing it. Null when there is none of that name, or it does not answer in time.</summary>
    public async Task<IReadOnlyList<(ChannelState Channel, Measurement Measured)>?> ReadAsync(string name)
    {
        BoardSensor? sensor;
        lock (_gate) sensor = _sensors.Find(sensor => sensor.Options.Name == name);
        if (sensor is null || await _schedule.ReadAsync(sensor) is not { } measured) return null;
        return [.. sensor.State.Channels.Zip(measured)];
    }

    /// <summary>Begins to read. To be called once.</summary>
    public void Start()
    {
        _publishing = _around.Outlet.RunAsync(_stop.Token);
        lock (_gate)
        {
            _isStarted = true;
            foreach (var sensor in _sensors) _schedule.Add(sensor);
        }
    }

    /// <summary>Reads nothing more, and tries once more to publish what waits; a measurement under way is not waited for.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isStopped) return;
            _isStopped = true;
        }

        _schedule.Dispose();
        _readers.Dispose();
        _around.StopRetries();
        _around.Outlet.Complete();
        try
        {
            await _publishing.WaitAsync(cancellationToken);
        }
        finally
        {
            await _stop.CancelAsync();
            lock (_gate)
            {
                foreach (var sensor in _sensors) sensor.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }
}
