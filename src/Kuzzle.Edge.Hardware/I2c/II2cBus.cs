namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>
/// One I2C bus. A transfer is whole: nobody else of this process comes between its write and its read. Blocks while the bus is busy, for at most the bus's timeout.
/// </summary>
public interface II2cBus
{
    /// <summary>Its number: 1 for <c>/dev/i2c-1</c>.</summary>
    int Number { get; }

    /// <summary>Writes, then reads after a repeated start; either may be empty, not both.</summary>
    /// <param name="address">The 7-bit address: 0x08 to 0x77.</param>
    /// <param name="write">What is sent first.</param>
    /// <param name="read">Filled with what the chip answers.</param>
    /// <returns>Null when it was done.</returns>
    HardwareFault? Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read);

    /// <summary>Asks whether a chip acknowledges at the address, in the way that disturbs the chips usually found there least.</summary>
    /// <returns>Null when one does; <see cref="HardwareFaultKind.NoAnswer"/> when none does; <see cref="HardwareFaultKind.Busy"/> when a driver of the kernel holds it.</returns>
    HardwareFault? Probe(int address);
}
