using Kuzzle.Edge.Api;
using Kuzzle.Edge.Devices.Local;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Sensors.Definitions;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The parts of this process that sensors work with.</summary>
public sealed record SensorNeighbours
{
    /// <summary>Where readings go.</summary>
    public required KuzzleApi Api { get; init; }

    /// <summary>The plain MQTT topics.</summary>
    public required IPlainTopics Topics { get; init; }

    /// <summary>Whether the time of day is known.</summary>
    public required IWallClock Wall { get; init; }

    /// <summary>Reads definitions that come through the API.</summary>
    public required DefinitionReader ReadDefinition { get; init; }

    /// <summary>The registry of devices; null where there is none, and nobody sends commands.</summary>
    public ILocalDevices? Devices { get; init; }

    /// <summary>The hardware.</summary>
    public SensorBoard Board { get; init; } = new();
}
