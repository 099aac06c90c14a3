using System.Numerics;

namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Makes a number of the bytes of a register.</summary>
internal static class RegisterNumber
{
    /// <summary>The value in the field's unit; null when the number means "no value".</summary>
    public static double? Read(RegisterField field, ReadOnlySpan<byte> answer)
    {
        var number = Raw(field, answer.Slice(field.Position, field.Width));
        if (field.NoValue is { } none && number == none) return null;

        // An unsigned number of 64 bits does not fit a long.
        var exact = !field.IsSigned && number < 0 ? (double)(ulong)number : number;
        return Math.Clamp((exact * field.Scale) + field.Offset, field.Least, field.Greatest);
    }

    private static long Raw(RegisterField field, ReadOnlySpan<byte> bytes)
    {
        var all = 0UL;
        for (var i = 0; i < bytes.Length; i++) all = (all << 8) | bytes[field.Order == ByteOrder.BigEndian ? i : bytes.Length - 1 - i];

        var kept = (field.Width == 8 ? ulong.MaxValue : (1UL << (field.Width * 8)) - 1) & field.Mask;
        var number = (all & kept) >> field.Shift;
        if (!field.IsSigned) return (long)number;

        var bits = 64 - BitOperations.LeadingZeroCount(kept >> field.Shift);
        var unused = 64 - bits;
        return bits == 0 ? 0 : (long)(number << unused) >> unused;
    }
}
