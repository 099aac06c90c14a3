using System.Globalization;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Hardware.Pwm;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>A PWM output: a dimmer, a fan. Its value is the duty in percent.</summary>
internal sealed class PwmOutput(IPwm pwm, string chip, string? channel, PwmOptions options) : IOutput
{
    private readonly Lock _gate = new();
    private IPwmChannel? _output;
    private bool _isDisposed;

    /// <inheritdoc/>
    public string Description => $"PWM output {Number} of {chip}";

    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels { get; } = [new(Name: null, "duty", "%")];

    /// <inheritdoc/>
    public double Greatest => 100;

    /// <inheritdoc/>
    public bool IsContinuous => true;

    private int Number => channel is null ? 0 : int.Parse(channel, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        lock (_gate) return [Open() is { } fault ? Measurement.Failed(fault) : Measurement.Of(Math.Round(_output!.Duty * 100, 6))];
    }

    /// <inheritdoc/>
    public string? Write(double value)
    {
        lock (_gate)
        {
            if (Open() is { } fault) return fault;
            if (_output!.SetDuty(value / 100) is not { } failure) return null;

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
        if (_isDisposed) return "The output has been given back.";

        var opened = pwm.Open(new PwmRequest
        {
            Chip = chip,
            Channel = Number,
            Period = TimeSpan.FromSeconds(1 / options.Frequency),
            Polarity = options.IsInversed ? PwmPolarity.Inversed : PwmPolarity.Normal,
            InitialDuty = options.Safe / 100,
            SafeDuty = options.Safe / 100,
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
