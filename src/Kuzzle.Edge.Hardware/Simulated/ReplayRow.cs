namespace Kuzzle.Edge.Hardware.Simulated;

/// <param name="Seconds">Since the first row.</param>
/// <param name="Value">Not a number where the recording has a gap.</param>
internal readonly record struct ReplayRow(double Seconds, double Value);
