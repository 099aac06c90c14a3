namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>A chip with general-purpose lines.</summary>
/// <param name="Name">Its node: <c>gpiochip0</c>.</param>
/// <param name="Label">What its driver calls it: <c>pinctrl-bcm2835</c>; empty when it could not be opened.</param>
/// <param name="Lines">Its lines by offset.</param>
/// <param name="Fault">Why it, or the rest of its lines, could not be read; null when all were.</param>
public sealed record GpioChipInfo(string Name, string Label, IReadOnlyList<GpioLineInfo> Lines, HardwareFault? Fault);
