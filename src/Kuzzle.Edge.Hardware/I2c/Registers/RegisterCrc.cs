namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>An 8-bit cyclic redundancy check, most significant bit first, behind every word of an answer.</summary>
/// <param name="Polynomial">Without the leading bit: 0x31 for x⁸+x⁵+x⁴+1.</param>
/// <param name="Init">What it begins with.</param>
/// <param name="WordLength">After how many bytes a checksum follows. 1 to 255.</param>
public sealed record RegisterCrc(byte Polynomial, byte Init, int WordLength = 2)
{
    /// <summary>The check of Sensirion's chips: 0x31 from 0xFF, behind each 16 bits.</summary>
    public static RegisterCrc Sensirion { get; } = new(0x31, 0xFF);

    /// <summary>The checksum of some bytes.</summary>
    public byte Compute(ReadOnlySpan<byte> bytes)
    {
        int crc = Init;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x80) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
        }

        return (byte)crc;
    }
}
