using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The hardware that sensors are made of.</summary>
public sealed record SensorBoard
{
    /// <summary>Where sysfs is mounted.</summary>
    public string Sysfs { get; init; } = "/sys";
}
