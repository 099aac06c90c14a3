namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>What an adapter can do: I2C_FUNC_* of linux/i2c.h.</summary>
[Flags]
internal enum I2cAbilities : ulong
{
    None = 0,
    I2c = 0x00000001,
    Quick = 0x00010000,
    ReadByte = 0x00020000,
    WriteByte = 0x00040000,
    ReadByteData = 0x00080000,
    WriteByteData = 0x00100000,
    ReadWordData = 0x00200000,
    WriteWordData = 0x00400000,
    ReadBlock = 0x04000000,
    WriteBlock = 0x08000000,
}
