using System.Buffers.Binary;
using System.Text;

namespace Kuzzle.Edge.Fuzz.Seeds;

/// <summary>The pieces that packets are made of, as bytes. Independent of the product's codec.</summary>
internal static class Field
{
    public static byte[] Text(string text) => Data(Encoding.UTF8.GetBytes(text));

    public static byte[] Data(byte[] bytes) => [.. Word(bytes.Length), .. bytes];

    public static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Wide(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Variable(int value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7) bytes.Add((byte)((value & 0x7F) | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
