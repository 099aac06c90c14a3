namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Which byte of a number comes first.</summary>
public enum ByteOrder
{
    /// <summary>The most significant.</summary>
    BigEndian,

    /// <summary>The least significant.</summary>
    LittleEndian,
}
