namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>Tells the kernel which chip is at which address, for no I2C chip can say so itself.</summary>
public interface IChipBinder
{
    /// <summary>
    /// Makes the kernel's driver take the chip, and waits until its values appear; blocks for up to two seconds. When they do not, the kernel is told to forget the chip
    /// again, and the fault says what is missing. A chip that is bound already is found.
    /// </summary>
    /// <param name="chip">A name of <see cref="KnownChips"/>, or any other that a driver of this kernel knows.</param>
    /// <param name="bus">The bus's number.</param>
    /// <param name="address">The 7-bit address.</param>
    Outcome<BoundChip> Bind(string chip, int bus, int address);

    /// <summary>Makes the kernel forget a chip that <see cref="Bind"/> told it of.</summary>
    /// <returns>Null when it was done.</returns>
    HardwareFault? Unbind(int bus, int address);
}
