namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How a sensor is, at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">What it reads.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="LastValue">The last value that was measured; null before the first.</param>
/// <param name="LastMeasuredAt">When that was.</param>
/// <param name="Fault">Why there is no newer value, or why it could not be published; null when all is well.</param>
/// <param name="FailingSince">Since when there is a fault.</param>
/// <param name="NextAttemptAt">When it is tried again; null when all is well.</param>
/// <param name="Measured">How many values were measured since the start.</param>
/// <param name="Failed">How many attempts failed since the start.</param>
/// <param name="Waiting">How many readings wait to be stored.</param>
/// <param name="Dropped">How many readings were given up because too many waited.</param>
public sealed record SensorState(
    string Name,
    string Source,
    string Kind,
    string Unit,
    double? LastValue,
    DateTimeOffset? LastMeasuredAt,
    string? Fault,
    DateTimeOffset? FailingSince,
    DateTimeOffset? NextAttemptAt,
    long Measured,
    long Failed,
    int Waiting,
    long Dropped);
