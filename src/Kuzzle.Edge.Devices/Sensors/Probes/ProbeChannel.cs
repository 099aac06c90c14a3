namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>One of the values that a probe gives.</summary>
/// <param name="Name">The channel, as it is called in readings; null when there is but one.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Unit">The unit.</param>
internal sealed record ProbeChannel(string? Name, string Kind, string Unit);
