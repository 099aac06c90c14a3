namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>A thermal zone.</summary>
/// <param name="Node">Its folder: <c>thermal_zone0</c>.</param>
/// <param name="Type">What it measures: <c>cpu-thermal</c>; empty when it does not say.</param>
public sealed record ThermalZoneFinding(string Node, string Type);
