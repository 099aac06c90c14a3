using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What a sensor measures once, without schedule or publication: for trying it.</summary>
/// <param name="Channel">Which of several channels; null when there is but one.</param>
/// <param name="Kind">What was measured.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Measured">The value, or why there is none.</param>
public sealed record SensorReading(string? Channel, string Kind, string Unit, Measurement Measured)
{
    /// <summary>Measures; blocks for as long as the hardware does.</summary>
    public static IReadOnlyList<SensorReading> Take(SensorOptions sensor, SensorBoard board, TimeProvider clock)
    {
        using var probe = new ProbeFactory(board, clock).Create(sensor);
        var measured = probe.Measure(clock.GetUtcNow());
        return [.. probe.Channels.Zip(measured, (channel, one) => new SensorReading(channel.Name, channel.Kind, channel.Unit, one))];
    }
}
