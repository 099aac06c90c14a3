using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Devices.Sensors.Publishing;
using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Kuzzle.Edge.Hardware.Sensors;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>
/// One sensor of this box, from its samples to its readings and alarms. Nothing it meets ends it: a fault is told once, visible in the state, and tried again with growing pauses.
/// </summary>
internal sealed partial class BoardSensor : IScheduled, ITalker, IDisposable
{
    /// <summary>The collection of alarms, in the index of the readings.</summary>
    public const string AlarmCollection = "alarms";

    private const string Silenced = "Its device is disabled in the registry, or was deleted there: it tells nothing.";

    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly SensorChannel[] _channels;
    private readonly string?[] _faults;
    private readonly PublicationQueue _queue = new();
    private readonly SensorSurroundings _around;
    private readonly ILogger _logger;
    private readonly long _origin;
    private readonly string? _topic;
    private SensorStatus _status = SensorStatus.Starting;
    private string? _readFault;
    private string? _tellFault;
    private DateTimeOffset? _failingSince;
    private DateTimeOffset? _nextAttemptAt;
    private TimeSpan _retryTellingAt;
    private int _failures;
    private int _pauses;
    private int _tellFailures;
    private long _measured;
    private long _failed;
    private long _hung;
    private long _published;

    public BoardSensor(SensorOptions options, IProbe probe, SensorSurroundings around, ILogger logger)
    {
        Options = options;
        Probe = probe;
        _around = around;
        _logger = logger;
        _topic = around.TopicOf(options);
        _origin = around.Clock.Time.GetTimestamp();
        _channels = [.. probe.Channels.Select(channel => new SensorChannel(options, options.For(channel.Name)))];
        _faults = new string?[_channels.Length];
        if (probe is IPushingProbe pushing) pushing.Push = (value, at, sequence) => Push(value, at, sequence);
    }

    /// <summary>How it is configured.</summary>
    public SensorOptions Options { get; }

    /// <summary>What it reads.</summary>
    public IProbe Probe { get; }

    /// <inheritdoc/>
    public TimeSpan Interval => Options.Interval;

    /// <inheritdoc/>
    public TimeSpan Timeout => Options.Timeout;

    /// <summary>Whether its device may publish and take commands; always, until the registry knows it.</summary>
    public Func<bool> MaySpeak { get; set; } = static () => true;

    /// <summary>How it is now.</summary>
    public SensorState State
    {
        get
        {
            lock (_gate)
            {
                return new SensorState(Options.Name, Probe.Description, _status)
                {
                    Channels = [.. Probe.Channels.Zip(_channels, (channel, own) => new ChannelState(channel.Name, channel.Kind, channel.Unit, own.Value, own.At, Fault: null, own.Raised))
                        .Select((channel, index) => channel with { Fault = _faults[index] })],
                    Fault = _readFault ?? _tellFault,
                    FailingSince = _failingSince,
                    NextAttemptAt = _nextAttemptAt,
                    Measured = _measured,
                    Failed = _failed,
                    Hung = _hung,
                    Published = _published,
                    Waiting = _queue.Count,
                    Dropped = _queue.Dropped,
                };
            }
        }
    }

    private TimeSpan Now => _around.Clock.Time.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        try
        {
            return Probe.Measure(at);
        }
        catch (Exception unexpected)
        {
            // A driver of ours that throws costs its own sensor a reading, and no other its thread.
            LogUnexpected(_logger, Options.Name, unexpected);
            return [.. _channels.Select(_ => Measurement.Failed($"It has failed unexpectedly: {unexpected.Message}"))];
        }
    }

    /// <inheritdoc/>
    public TimeSpan? Accept(DateTimeOffset at, Measurement[] measured)
    {
        if (!MaySpeak())
        {
            BeSilent(at);
            return null;
        }

        TimeSpan? pause;
        lock (_gate)
        {
            var mark = _around.Clock.MarkOf(at);
            var probed = Probe.Channels;
            string? fault = null;
            var anyGood = false;
            for (var i = 0; i < _channels.Length; i++)
            {
                _faults[i] = measured[i].Fault;
                if (measured[i].IsGood)
                {
                    anyGood = true;
                    Take(_channels[i], probed[i], measured[i], at, mark);
                }
                else
                {
                    fault ??= measured[i].Fault;
                }
            }

            if (anyGood) CountGood();
            pause = fault is null ? Succeeded() : Failed(fault, at);
            if (anyGood && fault is not null)
            {
                // The channels that answer are read as before, and should they fail too, the pauses begin with the first.
                pause = null;
                _pauses = 0;
                _nextAttemptAt = at + Options.Interval;
            }
        }

        Hand();
        return pause;
    }

    /// <summary>Takes a value that came by itself, such as an edge of a line.</summary>
    /// <param name="value">The value of the only channel.</param>
    /// <param name="at">When it was.</param>
    /// <param name="sequence">Its number, for two may fall together; null when there cannot.</param>
    public void Push(double value, DateTimeOffset at, long? sequence)
    {
        if (!MaySpeak()) return;

        lock (_gate)
        {
            CountGood();
            var channel = Probe.Channels[0];
            _channels[0].Reopen();
            Take(_channels[0], channel, Measurement.Of(value), at, _around.Clock.MarkOf(at), sequence);
            if (_readFault is null && _tellFault is null) BeWell();
        }

        Hand();
        _around.Outlet.Flush();
    }

    /// <summary>It has failed at something else than a measurement.</summary>
    public void Fails(string fault)
    {
        lock (_gate) Failed(fault, _around.Clock.Time.GetUtcNow());
        Hand();
        _around.Outlet.Flush();
    }

    /// <inheritdoc/>
    public void TimedOut() => Hangs(FormattableString.Invariant($"It has not answered for {Options.Timeout.TotalSeconds} s, and is asked again once it does: {Probe.Description}."));

    /// <inheritdoc/>
    public void Starved() => Hangs("It cannot be read: every thread for sensors waits for hardware that does not answer.");

    /// <inheritdoc/>
    public async ValueTask TellAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Now < _retryTellingAt) return; // A timer is set for it.
        }

        var fault = !MaySpeak() ? Silenced : await _around.Publisher.PublishAsync(Options, _queue, CountPublished, cancellationToken);
        lock (_gate)
        {
            if (fault is null)
            {
                if (_tellFailures > 0) LogRecovered(_logger, Options.Name, _tellFailures);
                _tellFailures = 0;
                _tellFault = null;
                _retryTellingAt = TimeSpan.Zero;
                if (_readFault is null) BeWell();
                return;
            }

            _failed++;
            _tellFault = $"Readings cannot be published: {fault}";
            if (_tellFailures++ == 0) LogFailing(_logger, Options.Name, _tellFault);
            var pause = PauseAfter(_tellFailures);
            _retryTellingAt = Now + pause;
            _failingSince ??= _around.Clock.Time.GetUtcNow();
            _status = SensorStatus.Failing;
            if (_readFault is null) _nextAttemptAt = _around.Clock.Time.GetUtcNow() + pause;
            _around.Retry(this, pause);
        }
    }

    /// <summary>Gives up the hardware.</summary>
    public void Dispose() => Probe.Dispose();

    private void Take(SensorChannel channel, ProbeChannel probed, Measurement measured, DateTimeOffset at, MonotonicTime? mark, long? sequence = null)
    {
        var sample = measured.Value;
        var reading = new Reading(Options.Name, probed.Kind, sample, probed.Unit, QualityOf(channel, sample, mark), at) { Channel = probed.Name, Monotonic = mark, Sequence = sequence, Block = measured.Block };
        foreach (var alarm in channel.ChangedBy(sample)) Tell(new AlarmChange(reading, alarm.Options, alarm.IsRaised));
        if (channel.Take(sample, at, Now, out var value)) Tell(reading with { Value = value, Quality = QualityOf(channel, value, mark) });
    }

    private void Tell(Reading reading)
    {
        var json = reading.ToJson();
        if (_topic is not null)
        {
            // What is switched changes rarely and is asked for at once; what is measured comes again by itself, and keeping it would wear the card.
            var retention = Options.Source is SensorSourceKind.Gpio or SensorSourceKind.Pwm ? Retention.Kept : Retention.Passing;
            _around.Topics.Publish(reading.Channel is null ? _topic : $"{_topic}/{reading.Channel}", json, retention);
        }

        Queue(Options.Store switch
        {
            ReadingStorage.None => new Publication(Options.Collection, Id: null, json, reading.Sequence is null ? reading.LastId : null),
            ReadingStorage.Last => new Publication(Options.Collection, reading.LastId, json, reading.LastId),
            _ => new Publication(Options.Collection, reading.Id, json, Replaces: null),
        });
    }

    private void Tell(AlarmChange change)
    {
        var json = change.ToJson();
        if (_topic is not null)
        {
            // Who comes later must hear of an alarm that goes on.
            _around.Topics.Publish($"{_topic}{(change.Reading.Channel is { } channel ? $"/{channel}" : "")}/alarms/{change.Alarm.Name}", json, Retention.Kept);
        }

        Queue(new Publication(AlarmCollection, change.Id, json, Replaces: null));
        if (change.IsRaised) _around.Metrics.AlarmRaised();
        if (change.IsRaised) LogAlarm(_logger, Options.Name, change.Alarm.Name, change.Reading.Value, change.Reading.Unit);
        else LogAlarmOver(_logger, Options.Name, change.Alarm.Name, change.Reading.Value, change.Reading.Unit);
    }

    private ReadingQuality QualityOf(SensorChannel channel, double value, MonotonicTime? mark) =>
        Options.Source == SensorSourceKind.Simulated ? ReadingQuality.Simulated
        : !channel.IsInRange(value) ? ReadingQuality.OutOfRange
        : mark is not null ? ReadingQuality.ClockUnsynchronised
        : ReadingQuality.Good;

    private void Queue(Publication publication)
    {
        var before = _queue.Dropped;
        _queue.Add(publication);
        if (_queue.Dropped > before) _around.Metrics.Dropped();
    }

    private void CountPublished(int count)
    {
        Interlocked.Add(ref _published, count);
        _around.Metrics.Published(count);
    }

    private void CountGood()
    {
        _measured++;
        _around.Metrics.Measured();
    }

    private void Hand()
    {
        if (_queue.Count > 0) _around.Outlet.Add(this);
    }

    private void Hangs(string fault)
    {
        lock (_gate)
        {
            var now = _around.Clock.Time.GetUtcNow();
            Failed(fault, now);
            _hung++;
            _status = SensorStatus.Hanging;
            _nextAttemptAt = null;
        }

        Hand();
        _around.Outlet.Flush();
    }

    private void BeSilent(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_readFault != Silenced) LogSilenced(_logger, Options.Name);
            _readFault = Silenced;
            _failingSince ??= at;
            _nextAttemptAt = at + Options.Interval;
            _status = SensorStatus.Failing;
            _around.Discovery?.Tell(Options, isAvailable: false);
        }
    }

    private TimeSpan? Succeeded()
    {
        if (_failures > 0) LogRecovered(_logger, Options.Name, _failures);
        _failures = 0;
        _pauses = 0;
        _readFault = null;
        if (_tellFault is null) BeWell();
        return null;
    }

    private TimeSpan? Failed(string fault, DateTimeOffset now)
    {
        _failed++;
        if (_failures++ == 0) LogFailing(_logger, Options.Name, fault);
        var pause = PauseAfter(++_pauses);
        _readFault = fault;
        _failingSince ??= now;
        _nextAttemptAt = now + pause;
        _status = SensorStatus.Failing;
        TellStale();
        _around.Discovery?.Tell(Options, isAvailable: false);
        return pause;
    }

    /// <summary>Nobody shall take an old value for a present one: what was told last is told once more, as old.</summary>
    private void TellStale()
    {
        var probed = Probe.Channels;
        for (var i = 0; i < _channels.Length; i++)
        {
            var channel = _channels[i];
            if (channel is not { Value: { } value, At: { } at } || !channel.BecomesStale(Now, Options.Interval * 2)) continue;

            // Of a sensor that keeps every reading there is no document that would be taken for the present.
            if (Options.Store != ReadingStorage.All) Tell(new Reading(Options.Name, probed[i].Kind, value, probed[i].Unit, ReadingQuality.Stale, at) { Channel = probed[i].Name });
        }
    }

    private void BeWell()
    {
        _status = SensorStatus.Ok;
        _failingSince = null;
        _nextAttemptAt = null;
        _around.Discovery?.Tell(Options, isAvailable: true);
    }

    private TimeSpan PauseAfter(int failures)
    {
        var pause = TimeSpan.FromTicks(Math.Min(MaxPause.Ticks, Options.Interval.Ticks << Math.Min(failures - 1, 20)));
        return pause < Options.Interval ? Options.Interval : pause;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor} fails, and is tried again with growing pauses: {Fault}")]
    private static partial void LogFailing(ILogger logger, string sensor, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The sensor {Sensor} works again after {Failures} failed attempts")]
    private static partial void LogRecovered(ILogger logger, string sensor, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor} tells nothing: its device is disabled in the registry, or was deleted there")]
    private static partial void LogSilenced(ILogger logger, string sensor);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sensor {Sensor} has failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, string sensor, Exception unexpected);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alarm of {Sensor}: {Alarm} at {Value} {Unit}")]
    private static partial void LogAlarm(ILogger logger, string sensor, string alarm, double value, string unit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alarm of {Sensor} is over: {Alarm} at {Value} {Unit}")]
    private static partial void LogAlarmOver(ILogger logger, string sensor, string alarm, double value, string unit);
}
