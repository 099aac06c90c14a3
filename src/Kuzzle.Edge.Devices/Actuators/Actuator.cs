using System.Text.Json;
using Kuzzle.Edge.Devices.Local;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Scheduling;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>
/// Does what commands say to an output, and has its sensor tell the state after every change. Commands are done one at a time; one that comes while a pulse lasts ends the pulse.
/// </summary>
internal sealed class Actuator : IDisposable
{
    /// <summary>Shorter cannot be promised by a program; longer is no pulse.</summary>
    private static readonly TimeSpan LeastPulse = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestPulse = TimeSpan.FromHours(1);

    private static readonly string[] Switching = ["set", "toggle", "pulse"];
    private static readonly string[] Dimming = [.. Switching, "duty"];

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly BoardSensor _sensor;
    private readonly IOutput _output;
    private readonly ReaderThreads _threads;
    private readonly TimeProvider _clock;
    private ITimer? _pulse;
    private double _value;
    private double _lastOn;
    private long _changes;
    private bool _isDisposed;

    public Actuator(BoardSensor sensor, IOutput output, double safe, ReaderThreads threads, TimeProvider clock)
    {
        _sensor = sensor;
        _output = output;
        _threads = threads;
        _clock = clock;
        _value = safe;
        _lastOn = safe > 0 ? safe : output.Greatest;
    }

    /// <summary>What it can be told.</summary>
    public IReadOnlyList<string> Commands => _output.IsContinuous ? Dimming : Switching;

    /// <summary>Does a command. What is wrong with it, or with the hardware, is what its sender is told.</summary>
    public async ValueTask<LocalCommandOutcome> DoAsync(string command, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (!_sensor.MaySpeak()) return LocalCommandOutcome.Failed($"{_sensor.Options.Name} is disabled in the registry, or was deleted there.");
        if (!CommandText.TryParse(payload.Span, out var said, out var fault)) return LocalCommandOutcome.Failed(fault);

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return command switch
            {
                "set" => await SetAsync(said),
                "duty" when _output.IsContinuous => await SetAsync(said),
                "toggle" => await ToggleAsync(),
                "pulse" => await PulseAsync(said),
                _ => LocalCommandOutcome.Failed($"{_sensor.Options.Name} knows no command '{command}'; it knows {string.Join(", ", Commands)}."),
            };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            EndPulse();
        }
    }

    private async ValueTask<LocalCommandOutcome> SetAsync(JsonElement said)
    {
        if (!TryGetValue(said, out var value, out var fault)) return LocalCommandOutcome.Failed(fault);

        lock (_gate) EndPulse();
        return await WriteAsync(value);
    }

    private async ValueTask<LocalCommandOutcome> ToggleAsync()
    {
        lock (_gate) EndPulse();
        return await WriteAsync(_value > 0 ? 0 : _lastOn);
    }

    private async ValueTask<LocalCommandOutcome> PulseAsync(JsonElement said)
    {
        var given = CommandText.Member(said, "duration");
        if (given.ValueKind != JsonValueKind.Number || !given.TryGetDouble(out var milliseconds)
            || !(milliseconds >= LeastPulse.TotalMilliseconds && milliseconds <= LongestPulse.TotalMilliseconds))
        {
            return LocalCommandOutcome.Failed("A pulse needs \"duration\": 1 to 3600000 milliseconds.");
        }

        double rest;
        lock (_gate)
        {
            if (_pulse is not null) return LocalCommandOutcome.Failed("A pulse is under way; \"set\" ends it.");
            rest = _value;
        }

        var value = rest > 0 ? 0 : _lastOn;
        if (said.ValueKind == JsonValueKind.Object && said.TryGetProperty("value", out var wanted))
        {
            if (!TryGetValue(wanted, out value, out var fault)) return LocalCommandOutcome.Failed(fault);
        }

        var begun = await WriteAsync(value);
        if (begun.Error is not null) return begun;

        lock (_gate)
        {
            if (_isDisposed) return LocalCommandOutcome.Failed("The output has been given back.");
            _pulse = _clock.CreateTimer(_ => Return(rest), state: null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }

        return begun;
    }

    private bool TryGetValue(JsonElement said, out double value, out string fault)
    {
        var given = CommandText.Member(said, "value");
        value = CommandText.ValueOf(given) ?? double.NaN;
        if (_output.IsContinuous && value == 1 && given.ValueKind != JsonValueKind.Number && !(given.ValueKind == JsonValueKind.String && given.GetString() == "1")) value = _output.Greatest; // "ON" is all of it.

        fault = _output.IsContinuous
            ? FormattableString.Invariant($"A value from 0 to {_output.Greatest} is needed, or \"ON\" or \"OFF\": bare or as \"value\".")
            : "A value is needed: true or false, 1 or 0, \"ON\" or \"OFF\"; bare or as \"value\".";
        return _output.IsContinuous ? value >= 0 && value <= _output.Greatest : value is 0 or 1;
    }

    private async ValueTask<LocalCommandOutcome> WriteAsync(double value)
    {
        var write = new WriteJob(_output, value);
        _threads.EnqueueUrgent(write); // Hardware blocks: it gets a thread of its own kind, never one that serves connections.
        string? fault;
        try
        {
            fault = await write.Done.Task.WaitAsync(_sensor.Options.Timeout, _clock);
        }
        catch (TimeoutException)
        {
            fault = FormattableString.Invariant($"{_output.Description} has not answered for {_sensor.Options.Timeout.TotalSeconds} s.");
        }

        if (fault is not null) return LocalCommandOutcome.Failed(fault);

        _value = value;
        if (value > 0) _lastOn = value;
        _sensor.Push(value, _clock.GetUtcNow(), Interlocked.Increment(ref _changes));
        return LocalCommandOutcome.Done;
    }

    /// <summary>The end of a pulse.</summary>
    private void Return(double rest)
    {
        lock (_gate)
        {
            if (_pulse is null || _isDisposed) return;
            EndPulse();
        }

        _value = rest;
        _threads.EnqueueUrgent(new ReturnJob(this, rest));
    }

    private void EndPulse()
    {
        _pulse?.Dispose();
        _pulse = null;
    }

    private sealed class WriteJob(IOutput output, double value) : IReadJob
    {
        public TaskCompletionSource<string?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run() => Done.TrySetResult(output.Write(value));
    }

    private sealed class ReturnJob(Actuator actuator, double rest) : IReadJob
    {
        public void Run()
        {
            if (actuator._output.Write(rest) is { } fault) actuator._sensor.Fails(fault);
            else actuator._sensor.Push(rest, actuator._clock.GetUtcNow(), Interlocked.Increment(ref actuator._changes));
        }
    }
}
