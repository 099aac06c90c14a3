namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>Somebody at an address of an I2C bus.</summary>
/// <param name="Address">The 7-bit address.</param>
/// <param name="Driver">The kernel's driver that holds it, in which case it was not probed; null when it answered.</param>
/// <param name="DeviceName">What the kernel calls the chip that its driver holds; null when it answered.</param>
/// <param name="LikelyChips">Names of chips, ours or the kernel's, that can have this address. The bus cannot tell which of them it is.</param>
public sealed record I2cChipFinding(int Address, string? Driver, string? DeviceName, IReadOnlyList<string> LikelyChips);
