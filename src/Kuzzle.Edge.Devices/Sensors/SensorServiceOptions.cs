using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Sensors.Definitions;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The sensors of this box, as they are configured. Immutable.</summary>
public sealed record SensorServiceOptions
{
    /// <summary>Those of the configuration file, each without faults and with a name of its own.</summary>
    public IReadOnlyList<SensorDefinition> Sensors { get; init; } = [];

    /// <summary>How this box is known to Home Assistant; null when it is not told.</summary>
    public HomeAssistantOptions? HomeAssistant { get; init; }

    /// <summary>How many sensors there may be, those of the API included. 1 to 10 000.</summary>
    public int MaxSensors { get; init; } = 1000;
}
