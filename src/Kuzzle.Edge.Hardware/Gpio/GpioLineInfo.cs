namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>A line as the kernel sees it now.</summary>
/// <param name="Chip">The chip's node: <c>gpiochip0</c>.</param>
/// <param name="Offset">Its number on the chip.</param>
/// <param name="Name">Its name; null when the board gives it none.</param>
/// <param name="Consumer">Who holds it; null when nobody does, or one who gave no name.</param>
/// <param name="IsUsed">True when it cannot be opened, for somebody holds it.</param>
/// <param name="IsOutput">True for an output.</param>
/// <param name="IsActiveLow">True when low means active.</param>
/// <param name="Bias">Its resistor.</param>
public sealed record GpioLineInfo(string Chip, int Offset, string? Name, string? Consumer, bool IsUsed, bool IsOutput, bool IsActiveLow, GpioBias Bias)
{
    /// <inheritdoc/>
    public override string ToString() => Name is null ? $"line {Offset} of {Chip}" : $"line {Offset} ({Name}) of {Chip}";
}
