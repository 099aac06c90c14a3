namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>An input of a device of hwmon or IIO.</summary>
/// <param name="Channel">As the source takes it: <c>temp1</c>, <c>humidityrelative</c>.</param>
/// <param name="Label">What the driver calls it; null when it has no label.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Unit">The unit of the readings.</param>
public sealed record KernelChannelFinding(string Channel, string? Label, string Kind, string Unit);
