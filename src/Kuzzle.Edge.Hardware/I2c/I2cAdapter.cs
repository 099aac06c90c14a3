namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>An I2C or SMBus adapter.</summary>
/// <param name="Number">Its number: 1 for <c>/dev/i2c-1</c>.</param>
/// <param name="Name">What its driver calls it.</param>
public sealed record I2cAdapter(int Number, string Name);
