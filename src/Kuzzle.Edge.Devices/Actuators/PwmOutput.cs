using System.Globalization;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Pwm;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>A PWM output: a dimmer, a fan. Its value is the duty in percent.</summary>
internal sealed class PwmOutput(IPwm pwm, string chip, string? channel, PwmOptions options) : HardwareOutput<IPwmChannel>
{
    /// <inheritdoc/>
    public override string Description => $"PWM output {Number} of {chip}";

    /// <inheritdoc/>
    public override IReadOnlyList<ProbeChannel> Channels { get; } = [new(Name: null, "duty", "%")];

    /// <inheritdoc/>
    public override double Greatest => 100;

    /// <inheritdoc/>
    public override bool IsContinuous => true;

    /// <inheritdoc/>
    protected override string GivenBack => "The output has been given back.";

    private int Number => channel is null ? 0 : int.Parse(channel, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override Outcome<IPwmChannel> OpenHardware() => pwm.Open(new PwmRequest
    {
        Chip = chip,
        Channel = Number,
        Period = TimeSpan.FromSeconds(1 / options.Frequency),
        Polarity = options.IsInversed ? PwmPolarity.Inversed : PwmPolarity.Normal,
        InitialDuty = options.Safe / 100,
        SafeDuty = options.Safe / 100,
    });

    /// <inheritdoc/>
    protected override Outcome<double> Read(IPwmChannel output) => Math.Round(output.Duty * 100, 6);

    /// <inheritdoc/>
    protected override HardwareFault? Set(IPwmChannel output, double value) => output.SetDuty(value / 100);
}
