namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How one channel of a sensor is, at one moment.</summary>
/// <param name="Name">Its name; null when the sensor has but one.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Value">The last value; null before the first.</param>
/// <param name="MeasuredAt">When it was measured last.</param>
/// <param name="Fault">Why the last attempt gave no value; null when it gave one.</param>
/// <param name="Alarms">The alarms that are raised.</param>
public sealed record ChannelState(string? Name, string Kind, string Unit, double? Value, DateTimeOffset? MeasuredAt, string? Fault, IReadOnlyList<string> Alarms);
