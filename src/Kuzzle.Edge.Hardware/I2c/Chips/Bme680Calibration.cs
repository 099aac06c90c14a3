using System.Buffers.Binary;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>What Bosch measured on each BME680 and left in its memory. The names are those of its datasheet.</summary>
internal sealed record Bme680Calibration
{
    /// <summary>Registers 0x8A to 0xA0.</summary>
    public const int LowLength = 23;

    /// <summary>Registers 0xE1 to 0xEE.</summary>
    public const int HighLength = 14;

    /// <summary>Registers 0x00 to 0x04.</summary>
    public const int HeaterLength = 5;

    public required ushort T1 { get; init; }

    public required short T2 { get; init; }

    public required sbyte T3 { get; init; }

    public required ushort P1 { get; init; }

    public required short P2 { get; init; }

    public required sbyte P3 { get; init; }

    public required short P4 { get; init; }

    public required short P5 { get; init; }

    public required sbyte P6 { get; init; }

    public required sbyte P7 { get; init; }

    public required short P8 { get; init; }

    public required short P9 { get; init; }

    public required byte P10 { get; init; }

    public required ushort H1 { get; init; }

    public required ushort H2 { get; init; }

    public required sbyte H3 { get; init; }

    public required sbyte H4 { get; init; }

    public required sbyte H5 { get; init; }

    public required byte H6 { get; init; }

    public required sbyte H7 { get; init; }

    public required sbyte G1 { get; init; }

    public required short G2 { get; init; }

    public required sbyte G3 { get; init; }

    public required byte HeaterRange { get; init; }

    public required sbyte HeaterValue { get; init; }

    public required sbyte RangeSwitchingError { get; init; }

    /// <summary>The numbers in the three stretches of registers.</summary>
    public static Bme680Calibration Parse(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, ReadOnlySpan<byte> heater) => new()
    {
        T1 = BinaryPrimitives.ReadUInt16LittleEndian(high[(0xE9 - 0xE1)..]),
        T2 = Signed(low, 0x8A),
        T3 = (sbyte)low[0x8C - 0x8A],
        P1 = BinaryPrimitives.ReadUInt16LittleEndian(low[(0x8E - 0x8A)..]),
        P2 = Signed(low, 0x90),
        P3 = (sbyte)low[0x92 - 0x8A],
        P4 = Signed(low, 0x94),
        P5 = Signed(low, 0x96),
        P7 = (sbyte)low[0x98 - 0x8A],
        P6 = (sbyte)low[0x99 - 0x8A],
        P8 = Signed(low, 0x9C),
        P9 = Signed(low, 0x9E),
        P10 = low[0xA0 - 0x8A],
        H2 = (ushort)((high[0xE1 - 0xE1] << 4) | (high[0xE2 - 0xE1] >> 4)), // 0xE2 is shared: its upper half is H2's, its lower half H1's.
        H1 = (ushort)((high[0xE3 - 0xE1] << 4) | (high[0xE2 - 0xE1] & 0x0F)),
        H3 = (sbyte)high[0xE4 - 0xE1],
        H4 = (sbyte)high[0xE5 - 0xE1],
        H5 = (sbyte)high[0xE6 - 0xE1],
        H6 = high[0xE7 - 0xE1],
        H7 = (sbyte)high[0xE8 - 0xE1],
        G2 = BinaryPrimitives.ReadInt16LittleEndian(high[(0xEB - 0xE1)..]),
        G1 = (sbyte)high[0xED - 0xE1],
        G3 = (sbyte)high[0xEE - 0xE1],
        HeaterValue = (sbyte)heater[0x00],
        HeaterRange = (byte)((heater[0x02] >> 4) & 0x3),
        RangeSwitchingError = (sbyte)((sbyte)heater[0x04] >> 4), // The upper half, in two's complement.
    };

    private static short Signed(ReadOnlySpan<byte> low, int register) => BinaryPrimitives.ReadInt16LittleEndian(low[(register - 0x8A)..]);
}
