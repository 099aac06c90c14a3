using Kuzzle.Edge.Hardware.Hwmon;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Simulated;
using Kuzzle.Edge.Hardware.Thermal;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>Makes what a sensor reads of what was configured. Touches no hardware: that is for the first reading.</summary>
internal sealed class ProbeFactory(SensorBoard board)
{
    /// <summary>The probe of a sensor without faults.</summary>
    public IProbe Create(SensorOptions sensor) => new SourceProbe(
        [.. sensor.EffectiveChannels.Select(channel => (sensor.Channels.Count > 0 ? channel.Channel : null, SourceOf(sensor, channel.Channel)))]);

    private ISensorSource SourceOf(SensorOptions sensor, string? channel) => sensor.Source switch
    {
        SensorSourceKind.Hwmon => new HwmonSource(sensor.Chip, channel, board.Sysfs),
        SensorSourceKind.Thermal => new ThermalSource(sensor.Chip, board.Sysfs),
        SensorSourceKind.Iio => new IioSource(sensor.Chip, channel ?? "temp", board.Sysfs),
        SensorSourceKind.Simulated => new SimulatedSource(sensor.Seed, sensor.Mean, sensor.Amplitude, sensor.Period),
        _ => throw new ArgumentOutOfRangeException(nameof(sensor), sensor.Source, "no such source"),
    };
}
