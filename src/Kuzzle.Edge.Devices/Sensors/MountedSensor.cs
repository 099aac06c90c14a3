using Kuzzle.Edge.Devices.Actuators;
using Kuzzle.Edge.Devices.Sensors.Definitions;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>A sensor that this box has, and where it comes from.</summary>
internal sealed record MountedSensor(BoardSensor Sensor, SensorDefinition Definition, SensorOrigin Origin)
{
    /// <summary>What takes its commands; null when it takes none.</summary>
    public Actuator? Actuator { get; init; }

    /// <summary>Its subscription to commands on a plain topic; null when there is none.</summary>
    public IAsyncDisposable? CommandTopic { get; set; }
}
