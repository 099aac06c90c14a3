using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>A GPIO line that is driven: a relay, a lamp.</summary>
internal sealed class GpioOutput(Func<Outcome<IGpio>> chips, GpioOptions options) : IOutput
{
    private readonly Lock _gate = new();
    private IGpioOutput? _output;
    private bool _isDisposed;

    /// <inheritdoc/>
    public string Description => $"GPIO {(_output is { } output ? output.Line.ToString() : options.Line.ToString())}";

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels { get; } = [new(Name: null, "state", "")];

    /// <inheritdoc/>
    public double Greatest => 1;

    /// <inheritdoc/>
    public bool IsContinuous => false;

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Open() is { } fault) return [Measurement.Failed(fault)];

            var level = _output!.Read();
            if (level.IsGood) return [Measurement.Of(level.Value ? 1 : 0)];

            Close();
            return [Measurement.Failed(level.Fault.Message)];
        }
    }

    /// <inheritdoc/>
    public string? Write(double value)
    {
        lock (_gate)
        {
            if (Open() is { } fault) return fault;
            if (_output!.Write(value != 0) is not { } failure) return null;

            Close();
            return failure.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Close();
        }
    }

    private string? Open()
    {
        if (_output is not null) return null;
        if (_isDisposed) return "The line has been given back.";

        var gpio = chips();
        if (!gpio.IsGood) return gpio.Fault.Message;

        var opened = gpio.Value.OpenOutput(new GpioOutputRequest
        {
            Line = options.Line,
            Bias = options.Bias,
            Drive = options.Drive,
            IsActiveLow = options.IsActiveLow,
            InitialValue = options.Safe,
            SafeValue = options.Safe,
        });
        _output = opened.Value;
        return opened.Fault?.Message;
    }

    private void Close()
    {
        _output?.Dispose();
        _output = null;
    }
}
