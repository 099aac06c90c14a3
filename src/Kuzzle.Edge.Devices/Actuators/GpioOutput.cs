using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>A GPIO line that is driven: a relay, a lamp.</summary>
internal sealed class GpioOutput(Func<Outcome<IGpio>> chips, GpioOptions options) : HardwareOutput<IGpioOutput>
{
    /// <inheritdoc/>
    public override string Description => $"GPIO {(Opened is { } output ? output.Line.ToString() : options.Line.ToString())}";

    /// <inheritdoc/>
    public override IReadOnlyList<ProbeChannel> Channels { get; } = [new(Name: null, "state", "")];

    /// <inheritdoc/>
    public override double Greatest => 1;

    /// <inheritdoc/>
    public override bool IsContinuous => false;

    /// <inheritdoc/>
    protected override string GivenBack => "The line has been given back.";

    /// <inheritdoc/>
    protected override Outcome<IGpioOutput> OpenHardware()
    {
        var gpio = chips();
        return gpio.IsGood
            ? gpio.Value.OpenOutput(new GpioOutputRequest
            {
                Line = options.Line,
                Bias = options.Bias,
                Drive = options.Drive,
                IsActiveLow = options.IsActiveLow,
                InitialValue = options.Safe,
                SafeValue = options.Safe,
            })
            : gpio.Fault;
    }

    /// <inheritdoc/>
    protected override Outcome<double> Read(IGpioOutput output)
    {
        var level = output.Read();
        if (!level.IsGood) return level.Fault;
        return level.Value ? 1 : 0;
    }

    /// <inheritdoc/>
    protected override HardwareFault? Set(IGpioOutput output, double value) => output.Write(value != 0);
}
