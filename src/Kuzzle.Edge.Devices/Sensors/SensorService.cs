using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Devices.Actuators;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Sensors.Definitions;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Devices.Sensors.Publishing;
using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Kuzzle.Edge.Hardware.Scanning;
using Kuzzle.Edge.Hardware.Sensors;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The sensors and actuators of this box: each publishes as a device of its own. Safe from any thread.</summary>
public sealed partial class SensorService : IAsyncDisposable
{
    /// <summary>A loaded board may be late by seconds; what is later than this does not come by itself.</summary>
    private static readonly TimeSpan MostLate = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<MountedSensor> _mounted = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changing = new(1);
    private readonly SensorServiceOptions _options;
    private readonly SensorNeighbours _neighbours;
    private readonly TimeProvider _clock;
    private readonly ProbeFactory _probes;
    private readonly DefinitionShelf _shelf;
    private readonly SensorSurroundings _around;
    private readonly ReaderThreads _readers;
    private readonly Schedule _schedule;
    private readonly DeviceLinks? _links;
    private readonly ClockCorrection _correction;
    private readonly ReadingRetention _retention;
    private readonly ILogger _logger;
    private Task? _stopping;
    private bool _isStarted;

    /// <summary>The configured sensors; nothing is read before <see cref="StartAsync"/>.</summary>
    /// <exception cref="ArgumentException">A sensor has faults, or two have the same name.</exception>
    public SensorService(SensorServiceOptions options, SensorNeighbours neighbours, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _neighbours = neighbours;
        _clock = clock;
        _logger = loggers.CreateLogger<SensorService>();
        _probes = new ProbeFactory(neighbours.Board, clock);
        _shelf = new DefinitionShelf(neighbours.Api);
        var boardClock = new BoardClock(neighbours.Wall, clock);
        Metrics = new SensorMetrics(() => States, boardClock);
        _around = new SensorSurroundings(
            boardClock,
            new DevicePublisher(neighbours.Api, clock),
            new Outlet(_logger),
            neighbours.Topics,
            Metrics,
            options.HomeAssistant is { } homeAssistant ? new Discovery(homeAssistant, neighbours.Topics, _logger) : null);
        _readers = new ReaderThreads(_around.Outlet.Flush, _logger);
        _schedule = new Schedule(_readers, clock, _logger);
        _links = neighbours.Devices is { } devices ? new DeviceLinks(devices, clock, _logger) : null;
        _correction = new ClockCorrection(neighbours.Api, boardClock, _logger);
        _retention = new ReadingRetention(() => Mounted.Select(mounted => mounted.Sensor.Options), new DocumentSweep(neighbours.Api, boardClock), clock, _logger);
        foreach (var sensor in options.Sensors) Mount(sensor, SensorOrigin.Configuration);
        neighbours.Api.AddController(new SensorController(this, neighbours.Api).Controller);
    }

    /// <summary>How all sensors are now: those of the configuration in their order, then those of the API.</summary>
    public IReadOnlyList<SensorState> States => [.. Mounted.Select(mounted => mounted.Sensor.State)];

    /// <summary>All sensors, with their definitions.</summary>
    internal IReadOnlyList<MountedSensor> Mounted
    {
        get
        {
            lock (_gate) return [.. _mounted];
        }
    }

    /// <summary>What was measured and told so far, for the meter <c>Kuzzle.Edge.Sensors</c>.</summary>
    internal SensorMetrics Metrics { get; }

    /// <summary>Takes in the sensors that were defined through the API, and begins to read. To be called once, when the API answers and the broker runs.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var document in await _shelf.LoadAsync(cancellationToken)) Load(document.Id, document.Source);

        _around.Outlet.Open(_stop.Token);
        _links?.Start();
        _retention.Start();
        _correction.Start(() => Mounted.Select(mounted => mounted.Sensor.Options));
        if (_around.Discovery is { } discovery)
        {
            discovery.AddBox();
            foreach (var mounted in Mounted) discovery.Add(mounted.Sensor.Options, mounted.Sensor.State.Channels);
            await discovery.StartAsync();
        }

        lock (_gate)
        {
            _isStarted = true;
            Begin([.. _mounted]);
        }
    }

    /// <summary>
    /// Reads nothing more, sets actuators to their safe state, and tries once more to publish what waits. A measurement under way is not waited for.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting for hardware and the store.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _stopping ??= StopOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _links?.Dispose();
        Metrics.Dispose();
        _correction.Dispose();
        _retention.Dispose();
        _stop.Dispose();
        _changing.Dispose();
    }

    /// <summary>
    /// Completes when a thread for sensors has taken a turn. Fails when readings are not begun when they are due, or are not handed on any more. A sensor that does not answer is no
    /// fault of this kind: others are read meanwhile.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sensors make no progress.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (_schedule.Lateness is var late && late > MostLate) throw new InvalidOperationException(FormattableString.Invariant($"readings should have begun {late.TotalSeconds:0} s ago"));
        if (_stopping is not null) return; // Nothing is read any more, as it should be.

        var turn = new TurnJob();
        _readers.EnqueueUrgent(turn);
        await turn.Taken.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The sensor of this name, or null.</summary>
    internal MountedSensor? Find(string name)
    {
        lock (_gate) return _mounted.Find(mounted => mounted.Sensor.Options.Name == name);
    }

    /// <summary>Adds a sensor that is there after the next start, too.</summary>
    internal async Task<(MountedSensor? Added, ApiError? Fault)> CreateAsync(JsonObject definition, CancellationToken cancellationToken)
    {
        var json = DocumentBytes.Of(definition);
        var read = _neighbours.ReadDefinition(JsonElement.Parse(json.Span));
        if (read.Options is not { } options) return (null, SensorErrors.Invalid(read.Faults));

        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (Find(options.Name) is not null) return (null, SensorErrors.AlreadyExists(options.Name));
            if (Mounted.Count >= _options.MaxSensors) return (null, SensorErrors.TooMany(_options.MaxSensors));

            await _shelf.PutAsync(options.Name, json, CancellationToken.None);
            return (MountAndBegin(new SensorDefinition(options, definition), SensorOrigin.Api), null);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Changes members of a definition; null takes one away. The sensor begins anew.</summary>
    internal async Task<(MountedSensor? Changed, ApiError? Fault)> UpdateAsync(string name, JsonElement changes, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (Find(name) is not { } mounted) return (null, SensorErrors.NotFound(name));
            if (mounted.Origin == SensorOrigin.Configuration) return (null, SensorErrors.ReadOnly(name));

            var definition = mounted.Definition.Written.DeepClone().AsObject();
            foreach (var change in changes.EnumerateObject())
            {
                if (change.Value.ValueKind == JsonValueKind.Null) definition.Remove(change.Name);
                else definition[change.Name] = JsonNode.Parse(change.Value.GetRawText());
            }

            var json = DocumentBytes.Of(definition);
            var read = _neighbours.ReadDefinition(JsonElement.Parse(json.Span));
            if (read.Options is not { } options) return (null, SensorErrors.Invalid(read.Faults));
            if (options.Name != name) return (null, SensorErrors.Invalid([$"name cannot be changed: it is \"{name}\""]));

            await _shelf.PutAsync(name, json, CancellationToken.None);
            await UnmountAsync(mounted, isForgotten: false);
            return (MountAndBegin(new SensorDefinition(options, definition), SensorOrigin.Api), null);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes a sensor; its readings stay.</summary>
    internal async Task<ApiError?> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (Find(name) is not { } mounted) return SensorErrors.NotFound(name);
            if (mounted.Origin == SensorOrigin.Configuration) return SensorErrors.ReadOnly(name);

            await _shelf.RemoveAsync(name, CancellationToken.None);
            await UnmountAsync(mounted, isForgotten: true);
            return null;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Takes the sensors of a configuration that was read again. Those whose definition is the same go on undisturbed, outputs in the state they have; a changed one ends, an
    /// output in its safe state, and begins anew; one that is there no more is released and forgotten.
    /// </summary>
    /// <param name="sensors">All of the configuration file, each without faults and with a name of its own.</param>
    /// <param name="cancellationToken">Ends the wait for other changes; once begun, all are made.</param>
    public async Task ChangeAsync(IReadOnlyList<SensorDefinition> sensors, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var wanted = sensors.ToDictionary(sensor => sensor.Options.Name, StringComparer.Ordinal);
            var before = Mounted;
            var kept = before
                .Where(mounted => mounted.Origin == SensorOrigin.Configuration && wanted.TryGetValue(mounted.Sensor.Options.Name, out var definition) && JsonNode.DeepEquals(definition.Written, mounted.Definition.Written))
                .Select(mounted => mounted.Sensor.Options.Name)
                .ToHashSet(StringComparer.Ordinal);

            // Also one that was defined through the API, where the file has one of its name now: it rests.
            var ended = before
                .Where(mounted => mounted.Origin == SensorOrigin.Configuration ? !kept.Contains(mounted.Sensor.Options.Name) : wanted.ContainsKey(mounted.Sensor.Options.Name))
                .ToList();
            await Task.WhenAll(ended.Select(mounted => UnmountAsync(mounted, isForgotten: !wanted.ContainsKey(mounted.Sensor.Options.Name))));

            foreach (var definition in sensors.Where(sensor => !kept.Contains(sensor.Options.Name))) MountAndBegin(definition, SensorOrigin.Configuration);
            await WakeRestingAsync(CancellationToken.None);
            Sort(sensors);
            var added = sensors.Count(sensor => !kept.Contains(sensor.Options.Name) && !ended.Exists(mounted => mounted.Sensor.Options.Name == sensor.Options.Name));
            var changed = ended.Count(mounted => wanted.ContainsKey(mounted.Sensor.Options.Name));
            LogChanged(added, changed, ended.Count - changed);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Reads a sensor now, out of turn and without publishing it. Null when it does not answer in time.</summary>
    internal Task<Measurement[]?> ReadAsync(MountedSensor mounted) => _schedule.ReadAsync(mounted.Sensor);

    /// <summary>Looks what hardware there is; null when there is no access to any.</summary>
    internal async Task<BoardScan?> ScanAsync(ScanRequest request, CancellationToken cancellationToken)
    {
        if (_neighbours.Board.Hardware is not { } hardware) return null;

        var scan = new ScanJob(hardware.Scanner, request);
        _readers.EnqueueUrgent(scan);
        return await scan.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Those defined through the API that gave way to one of the configuration file which is no more.</summary>
    private async Task WakeRestingAsync(CancellationToken cancellationToken)
    {
        foreach (var document in await _shelf.LoadAsync(cancellationToken))
        {
            if (Find(document.Id) is null && Load(document.Id, document.Source) is { } mounted) Begin(mounted);
        }
    }

    /// <summary>Those of the configuration in their order, then the others.</summary>
    private void Sort(IReadOnlyList<SensorDefinition> sensors)
    {
        var places = sensors.Select((sensor, place) => (sensor.Options.Name, Place: place)).ToDictionary(sensor => sensor.Name, sensor => sensor.Place, StringComparer.Ordinal);
        lock (_gate)
        {
            List<MountedSensor> sorted = [.. _mounted.OrderBy(mounted => places.GetValueOrDefault(mounted.Sensor.Options.Name, int.MaxValue))];
            _mounted.Clear();
            _mounted.AddRange(sorted);
        }
    }

    private MountedSensor? Load(string name, JsonElement written)
    {
        var read = _neighbours.ReadDefinition(written);
        if (read.Options is not { } options || options.Name != name)
        {
            LogUnusable(name, string.Join("; ", read.Faults));
            return null;
        }

        if (Find(name) is not null)
        {
            LogShadowed(name);
            return null;
        }

        if (Mounted.Count >= _options.MaxSensors)
        {
            LogTooMany(name, _options.MaxSensors);
            return null;
        }

        return Mount(new SensorDefinition(options, JsonObject.Create(written)!), SensorOrigin.Api);
    }

    private MountedSensor Mount(SensorDefinition definition, SensorOrigin origin)
    {
        var options = definition.Options;
        if (options.FindFaults() is [var (key, fault), ..]) throw new ArgumentException($"The sensor '{options.Name}': {key} {fault}.", nameof(definition));

        lock (_gate)
        {
            if (_mounted.Exists(other => other.Sensor.Options.Name == options.Name)) throw new ArgumentException($"Two sensors are named '{options.Name}'.", nameof(definition));

            var probe = _probes.Create(options);
            var sensor = new BoardSensor(options, probe, _around, _logger);
            var safe = options.Pwm?.Safe ?? (options.Gpio?.Safe == true ? 1 : 0);
            var mounted = new MountedSensor(sensor, definition, origin) { Actuator = probe is IOutput output ? new Actuator(sensor, output, safe, _readers, _clock) : null };
            _mounted.Add(mounted);
            return mounted;
        }
    }

    private MountedSensor MountAndBegin(SensorDefinition definition, SensorOrigin origin)
    {
        var mounted = Mount(definition, origin);
        Begin(mounted);
        return mounted;
    }

    /// <summary>One that was mounted while others are read.</summary>
    private void Begin(MountedSensor mounted)
    {
        _around.Discovery?.Add(mounted.Sensor.Options, mounted.Sensor.State.Channels);
        lock (_gate)
        {
            if (_isStarted && _stopping is null) Begin([mounted]);
        }
    }

    /// <summary>Those that begin together are read together.</summary>
    private void Begin(IReadOnlyList<MountedSensor> begun)
    {
        _schedule.Add([.. begun.Select(mounted => mounted.Sensor)]);
        foreach (var mounted in begun)
        {
            _links?.Add(mounted);
            if (mounted.Actuator is { } actuator && _around.Discovery is { } discovery) mounted.CommandTopic = ListenAsync(mounted, actuator, discovery);
        }
    }

    private async Task<IAsyncDisposable?> ListenAsync(MountedSensor mounted, Actuator actuator, Discovery discovery)
    {
        var filter = discovery.CommandTopicOf(mounted.Sensor.Options);
        try
        {
            return await _neighbours.Topics.SubscribeAsync(filter, async (topic, payload, cancellationToken) =>
            {
                var outcome = await actuator.DoAsync("set", payload, cancellationToken);
                if (outcome.Error is { } error) LogRefusedCommand(mounted.Sensor.Options.Name, topic, error);
            });
        }
        catch (ArgumentException fault)
        {
            LogUnheard(mounted.Sensor.Options.Name, filter, fault.Message); // A topic that the broker has no room for. Commands through the registry are taken all the same.
            return null;
        }
    }

    private async Task UnmountAsync(MountedSensor mounted, bool isForgotten)
    {
        lock (_gate) _mounted.Remove(mounted);
        _schedule.Remove(mounted.Sensor);
        if (isForgotten) _around.Discovery?.Remove(mounted.Sensor.Options);
        await mounted.EndListeningAsync();
        if (_links is not null) await _links.RemoveAsync(mounted);
        try
        {
            await ReleaseAsync(mounted).WaitAsync(mounted.Sensor.Options.Timeout, _clock);
        }
        catch (TimeoutException)
        {
            LogNotReleased(mounted.Sensor.Options.Name); // Its thread gives the hardware back when the driver lets it; until then whoever comes next finds it busy, and tries again.
        }
    }

    /// <summary>Each output on a thread of its own, for one that hangs must not keep another from its safe state; whatever is only read, on one.</summary>
    private Task ReleaseAllAsync()
    {
        var all = Mounted.ToLookup(mounted => mounted.Actuator is not null);
        return Task.WhenAll([.. all[true].Select(mounted => ReleaseAsync(mounted)), ReleaseAsync([.. all[false]])]);
    }

    /// <summary>Gives the hardware back, on a thread that may block.</summary>
    private static Task ReleaseAsync(params IReadOnlyList<MountedSensor> released) => Task.Factory.StartNew(
        () =>
        {
            foreach (var mounted in released)
            {
                mounted.Actuator?.Dispose();
                mounted.Sensor.Dispose();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await Task.Yield(); // The caller holds the lock.
        _schedule.Dispose();
        _readers.Dispose();
        _around.StopRetries();
        try
        {
            // First of all what moves: whatever else takes its time, it is safe.
            await ReleaseAllAsync().WaitAsync(cancellationToken);
        }
        finally
        {
            if (_isStarted && _around.Discovery is { } discovery) await discovery.StopAsync();
            foreach (var mounted in Mounted) await mounted.EndListeningAsync();

            try
            {
                if (_links is not null) await _links.StopAsync(cancellationToken);
                await _correction.StopAsync(cancellationToken);
                await _retention.StopAsync(cancellationToken);
                await _around.Outlet.CompleteAsync(cancellationToken);
            }
            finally
            {
                await _stop.CancelAsync();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor}, defined through the API, cannot be used and rests: {Faults}")]
    private partial void LogUnusable(string sensor, string faults);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor}, defined through the API, rests: the configuration file has one of that name")]
    private partial void LogShadowed(string sensor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor}, defined through the API, rests: there are {Count} sensors already, as many as limits.sensors allows")]
    private partial void LogTooMany(string sensor, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The sensors of the configuration were read again: {Added} added, {Changed} changed, {Removed} removed")]
    private partial void LogChanged(int added, int changed, int removed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor} has not given its hardware back in time, and does so when its driver answers")]
    private partial void LogNotReleased(string sensor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A command for {Sensor} on {Topic} was refused: {Error}")]
    private partial void LogRefusedCommand(string sensor, string topic, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Commands for {Sensor} on {Topic} are not heard: {Fault}")]
    private partial void LogUnheard(string sensor, string topic, string fault);

    private sealed class TurnJob : IReadJob
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run() => Taken.TrySetResult();
    }

    private sealed class ScanJob(IBoardScanner scanner, ScanRequest request) : IReadJob
    {
        public TaskCompletionSource<BoardScan> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run()
        {
            try
            {
                Done.TrySetResult(scanner.Scan(request));
            }
            catch (Exception failure)
            {
                Done.TrySetException(failure); // Whoever has asked is told.
            }
        }
    }
}
