namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>One quantity that a chip measures.</summary>
/// <param name="Name">Its name on the chip: <c>temperature</c>, <c>co2</c>.</param>
/// <param name="Kind">What is measured, as in <see cref="Sensors.ISensorSource.Kind"/>.</param>
/// <param name="Unit">The unit of the values, as in <see cref="Sensors.ISensorSource.Unit"/>.</param>
public sealed record ChipChannel(string Name, string Kind, string Unit);
