namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>A channel computed of the fields of a map.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Unit">The unit of the value.</param>
/// <param name="Compute">The value of the fields' values, by name, and of the time of the measurement; called only when all fields have one.</param>
public sealed record DerivedChannel(string Name, string Kind, string Unit, Func<IReadOnlyDictionary<string, double>, DateTimeOffset, double> Compute);
