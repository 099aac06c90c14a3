namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>A number in the bytes of a read: value = ((bytes &amp; mask) &gt;&gt; shift) × scale + offset.</summary>
public sealed record RegisterField
{
    /// <summary>The channel's name.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured.</summary>
    public string Kind { get; init; } = "value";

    /// <summary>The unit of the value; empty for a bare number.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Which of the map's <see cref="ReadStep"/>s it lies in, from 0.</summary>
    public int Read { get; init; }

    /// <summary>Where its first byte is in that read, checksums not counted.</summary>
    public int Position { get; init; }

    /// <summary>How many bytes. 1 to 8.</summary>
    public required int Width { get; init; }

    /// <summary>Which byte comes first.</summary>
    public ByteOrder Order { get; init; }

    /// <summary>The bits that count, before they are shifted.</summary>
    public ulong Mask { get; init; } = ulong.MaxValue;

    /// <summary>How far they are shifted to the right. 0 to 63.</summary>
    public int Shift { get; init; }

    /// <summary>True for two's complement; the sign is the highest bit of the mask.</summary>
    public bool IsSigned { get; init; }

    /// <summary>What the number is multiplied with to get the unit.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What is added after that, in the unit.</summary>
    public double Offset { get; init; }

    /// <summary>A number, after mask and shift, that means "no value yet"; null when there is none.</summary>
    public long? NoValue { get; init; }

    /// <summary>The least value that can be true, in the unit; a smaller one becomes this one (a humidity of -2 %).</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest value that can be true, in the unit; a greater one becomes this one.</summary>
    public double Greatest { get; init; } = double.PositiveInfinity;

    /// <summary>True when it is only of use to derived channels.</summary>
    public bool IsHidden { get; init; }
}
