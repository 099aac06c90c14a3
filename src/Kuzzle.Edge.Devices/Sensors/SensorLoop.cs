using Kuzzle.Edge.Hardware.Sensors;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>
/// Reads one sensor for as long as the process lives. Nothing it meets ends it: a fault is told once, visible in the state, and tried again with growing pauses.
/// </summary>
internal sealed partial class SensorLoop(
    SensorOptions options, ISensorSource source, ReadingPublisher publisher, Action<string, ReadOnlyMemory<byte>> publishOnTopic, TimeProvider clock, ILogger logger)
{
    /// <summary>Readings kept while the store refuses: an hour at one each 10 s. Beyond it the oldest is given up, and counted.</summary>
    public const int MaxWaiting = 360;

    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Queue<Reading> _waiting = new();
    private SensorState _state = new(
        options.Name, source.Description, source.Kind, source.Unit, LastValue: null, LastMeasuredAt: null, Fault: null, FailingSince: null, NextAttemptAt: null, 0, 0, 0, 0);

    public SensorState State => Volatile.Read(ref _state);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Interval, clock);
        var failures = 0;
        try
        {
            do
            {
                if (State.NextAttemptAt is { } next && clock.GetUtcNow() < next) continue;

                failures = await TakeReadingAsync(cancellationToken) is { } fault ? Failed(fault, failures + 1) : Succeeded(failures);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
        catch (Exception unexpected)
        {
            // The outermost loop of this sensor: others go on.
            LogStopped(logger, options.Name, unexpected);
            Change(state => state with { Fault = $"It has stopped: {unexpected.Message}", FailingSince = state.FailingSince ?? clock.GetUtcNow(), NextAttemptAt = null });
        }
    }

    /// <summary>Null when a value was measured and all that waited is published; else the fault.</summary>
    private async Task<string?> TakeReadingAsync(CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow();

        // On a thread of its own: a chip on a slow bus takes its time, and must not take a thread that serves sockets. A driver that hangs must not hold up the end of the process.
        var measured = await Task.Factory
            .StartNew(() => source.Measure(at), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(cancellationToken);
        if (!measured.IsGood) return measured.Fault;

        var reading = new Reading(options.Name, source.Kind, measured.Value, source.Unit, at, options.Source == SensorSourceKind.Simulated);
        if (options.Topic is { } topic) publishOnTopic(topic, reading.ToJson());
        Enqueue(reading);
        Change(state => state with
        {
            Source = source.Description,
            LastValue = reading.Value,
            LastMeasuredAt = at,
            Measured = state.Measured + 1,
            Waiting = _waiting.Count,
        });
        return await PublishWaitingAsync(cancellationToken);
    }

    private void Enqueue(Reading reading)
    {
        // Of a sensor whose readings are not all kept only the newest is of use.
        if (options.Store != ReadingStorage.All) _waiting.Clear();
        _waiting.Enqueue(reading);
        if (_waiting.Count <= MaxWaiting) return;

        _waiting.Dequeue();
        Change(state => state with { Dropped = state.Dropped + 1 });
    }

    private async Task<string?> PublishWaitingAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryPeek(out var oldest))
        {
            if (await publisher.PublishAsync(oldest, cancellationToken) is { } error) return $"Readings cannot be published: {error.Message}";

            _waiting.Dequeue();
            Change(state => state with { Waiting = _waiting.Count });
        }

        return null;
    }

    private int Failed(string fault, int failures)
    {
        var now = clock.GetUtcNow();
        var pause = TimeSpan.FromTicks(Math.Min(MaxPause.Ticks, options.Interval.Ticks << Math.Min(failures - 1, 20)));
        if (failures == 1) LogFailing(logger, options.Name, fault);
        Change(state => state with
        {
            Fault = fault,
            FailingSince = state.FailingSince ?? now,
            NextAttemptAt = now + (pause < options.Interval ? options.Interval : pause),
            Failed = state.Failed + 1,
        });
        return failures;
    }

    private int Succeeded(int failures)
    {
        if (failures > 0) LogRecovered(logger, options.Name, failures);
        if (State.Fault is not null) Change(state => state with { Fault = null, FailingSince = null, NextAttemptAt = null });
        return 0;
    }

    private void Change(Func<SensorState, SensorState> change) => Volatile.Write(ref _state, change(_state));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor} fails, and is tried again with growing pauses: {Fault}")]
    private static partial void LogFailing(ILogger logger, string sensor, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The sensor {Sensor} works again after {Failures} failed attempts")]
    private static partial void LogRecovered(ILogger logger, string sensor, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sensor {Sensor} has stopped")]
    private static partial void LogStopped(ILogger logger, string sensor, Exception unexpected);
}
