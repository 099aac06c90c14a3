namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The variable byte integer: seven bits a byte, lowest first. [MQTT5 1.5.5]</summary>
internal static class VariableInteger
{
    public const int Max = 268_435_455;

    public static int SizeOf(uint value) => value switch
    {
        < 1u << 7 => 1,
        < 1u << 14 => 2,
        < 1u << 21 => 3,
        <= Max => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 268435455"),
    };

    /// <summary>Writes the shortest form and answers its length.</summary>
    public static int Write(Span<byte> destination, uint value)
    {
        var index = 0;
        while (value >= 0x80)
        {
            destination[index++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[index++] = (byte)value;
        return index;
    }
}
