using System.Threading.Channels;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>A GPIO line that is read: its state, its edges as they come, how many there were, or how many in a second.</summary>
internal sealed class GpioInputProbe(Func<Outcome<IGpio>> chips, GpioOptions options, TimeProvider clock) : IPushingProbe
{
    private readonly Lock _gate = new();
    private IGpioInput? _input;
    private long _countedBefore;
    private long _lastCount;
    private long _lastCountAt;
    private bool _isDisposed;

    /// <inheritdoc/>
    public string Description => $"GPIO {(_input is { } input ? input.Line.ToString() : options.Line.ToString())}";

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels { get; } =
    [
        options.Mode switch
        {
            GpioMode.Counter => new ProbeChannel(Name: null, "count", ""),
            GpioMode.Frequency => new ProbeChannel(Name: null, "frequency", "Hz"),
            _ => new ProbeChannel(Name: null, "state", ""),
        },
    ];

    /// <inheritdoc/>
    public Action<double, DateTimeOffset, long>? Push { get; set; }

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        if (Open() is { } fault) return [Measurement.Failed(fault)];

        var input = _input!;
        var level = input.Read();
        if (!level.IsGood)
        {
            Close(input);
            return [Measurement.Failed(level.Fault.Message)];
        }

        return
        [
            options.Mode switch
            {
                GpioMode.Counter => Measurement.Of(_countedBefore + input.Count.Total),
                GpioMode.Frequency => FrequencyOf(input.Count.Total),
                _ => Measurement.Of(level.Value ? 1 : 0),
            },
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _input?.Dispose();
            _input = null;
        }
    }

    private string? Open()
    {
        lock (_gate)
        {
            if (_input is not null) return null;
            if (_isDisposed) return "The line has been given back.";

            var edges = options.Mode == GpioMode.Input || options.Edges != GpioEdges.None ? options.Edges : GpioEdges.Rising;
            var gpio = chips();
            if (!gpio.IsGood) return gpio.Fault.Message;

            var opened = gpio.Value.OpenInput(new GpioInputRequest
            {
                Line = options.Line,
                Bias = options.Bias,
                IsActiveLow = options.IsActiveLow,
                Debounce = options.Debounce,
                Edges = edges,
            });
            if (!opened.IsGood) return opened.Fault.Message;

            _input = opened.Value;
            (_lastCount, _lastCountAt) = (0, clock.GetTimestamp());
            if (options.Mode == GpioMode.Input && edges != GpioEdges.None) Listening = ListenAsync(opened.Value);
            return null;
        }
    }

    /// <summary>Ends when the line is given back.</summary>
    internal Task Listening { get; private set; } = Task.CompletedTask;

    private async Task ListenAsync(IGpioInput input)
    {
        try
        {
            await foreach (var edge in input.Edges.ReadAllAsync())
            {
                Push?.Invoke(edge.Kind == GpioEdges.Rising ? 1 : 0, edge.At(clock), edge.Sequence);
            }
        }
        catch (Exception gone) when (gone is IOException or ChannelClosedException)
        {
            // The chip has gone: the next measurement finds that out, and tells it.
        }
    }

    private Measurement FrequencyOf(long count)
    {
        var now = clock.GetTimestamp();
        var seconds = clock.GetElapsedTime(_lastCountAt, now).TotalSeconds;
        var frequency = seconds > 0 ? (count - _lastCount) / seconds : 0;
        (_lastCount, _lastCountAt) = (count, now);
        return Measurement.Of(frequency);
    }

    /// <summary>It is opened anew next time; what was counted is not forgotten.</summary>
    private void Close(IGpioInput input)
    {
        lock (_gate)
        {
            _countedBefore += input.Count.Total;
            input.Dispose();
            _input = null;
        }
    }
}
