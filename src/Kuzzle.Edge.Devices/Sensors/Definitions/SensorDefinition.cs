using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Sensors.Definitions;

/// <summary>A sensor, and what was written to get it.</summary>
/// <param name="Options">What it became.</param>
/// <param name="Written">What was written, for people; not changed by anybody.</param>
public sealed record SensorDefinition(SensorOptions Options, JsonObject Written);
