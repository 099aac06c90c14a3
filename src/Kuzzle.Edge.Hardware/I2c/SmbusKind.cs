namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>The kinds of SMBus transfers: I2C_SMBUS_* of linux/i2c.h.</summary>
internal static class SmbusKind
{
    public const uint Quick = 0;
    public const uint Byte = 1;
    public const uint ByteData = 2;
    public const uint WordData = 3;
    public const uint Block = 8; // I2C_SMBUS_I2C_BLOCK_DATA

    /// <summary>I2C_SMBUS_BLOCK_MAX.</summary>
    public const int MaxBlock = 32;

    /// <summary>union i2c_smbus_data: the length, a block, and one byte more.</summary>
    public const int UnionSize = MaxBlock + 2;
}
