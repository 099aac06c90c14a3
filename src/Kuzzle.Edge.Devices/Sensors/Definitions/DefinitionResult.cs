namespace Kuzzle.Edge.Devices.Sensors.Definitions;

/// <summary>What became of a definition that somebody sent.</summary>
/// <param name="Options">The sensor; null when it has faults.</param>
/// <param name="Faults">All that is wrong with it, each a sentence that names the key; empty when nothing is.</param>
public sealed record DefinitionResult(SensorOptions? Options, IReadOnlyList<string> Faults);
