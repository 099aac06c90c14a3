namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>An I2C bus and who answers on it.</summary>
/// <param name="Number">The bus's number.</param>
/// <param name="Name">What its driver calls it.</param>
/// <param name="Chips">Those that answer, and those that a driver holds, by address.</param>
/// <param name="Fault">Why it could not be probed, or not to the end; null when it was.</param>
public sealed record I2cBusFinding(int Number, string Name, IReadOnlyList<I2cChipFinding> Chips, HardwareFault? Fault);
