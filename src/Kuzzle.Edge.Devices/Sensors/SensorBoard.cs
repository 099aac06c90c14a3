using Kuzzle.Edge.Hardware;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The hardware that sensors are made of.</summary>
public sealed record SensorBoard
{
    /// <summary>Where sysfs is mounted.</summary>
    public string Sysfs { get; init; } = "/sys";

    /// <summary>Lines, buses and chips. Not disposed by those who use it. Null where there are none: then only what sysfs shows can be read.</summary>
    public IBoard? Hardware { get; init; }
}
