namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>Which line is meant: one with a name, or one by chip and offset.</summary>
public sealed record GpioLineId
{
    private GpioLineId()
    {
    }

    /// <summary>The line's name as the device tree gives it (<c>GPIO17</c>); null when it is told by offset.</summary>
    public string? Name { get; private init; }

    /// <summary>The chip: <c>gpiochip0</c>, its number, or its label (<c>pinctrl-bcm2835</c>); null for a name looked up on all chips.</summary>
    public string? Chip { get; private init; }

    /// <summary>The line's number on its chip; null when it is told by name.</summary>
    public int? Offset { get; private init; }

    /// <summary>The line of this name, on whatever chip, or only on this one.</summary>
    public static GpioLineId Named(string name, string? chip = null) => new() { Name = name, Chip = chip };

    /// <summary>The line with this number on this chip.</summary>
    public static GpioLineId At(string chip, int offset) => new() { Chip = chip, Offset = offset };

    /// <inheritdoc/>
    public override string ToString() => Name is null ? $"line {Offset} of {Chip}" : Chip is null ? $"line '{Name}'" : $"line '{Name}' of {Chip}";
}
