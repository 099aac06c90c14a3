using System.Buffers.Binary;
using System.Numerics;

namespace Kuzzle.Edge.Koncorde.Text;

/// <summary>
/// A hash of bytes, seeded at random when the process starts: field names and values come from outsiders, and a fixed hash would let them
/// turn every table into a list.
/// </summary>
internal static class Utf8Hash
{
    private static readonly ulong Seed = unchecked((ulong)Random.Shared.NextInt64()) | 1;

    public static int Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        if (bytes.Length > 0) hash = Mix(hash, Tail(bytes));
        return (int)(hash ^ (hash >> 32));
    }

    public static int Of(double number)
    {
        var hash = Mix(Seed, BitConverter.DoubleToUInt64Bits(number));
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        var tail = 0UL;
        foreach (var value in bytes) tail = (tail << 8) | value;
        return tail;
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, 0x9E37_79B9_7F4A_7C15UL ^ BitOperations.RotateLeft(Seed, 23), out var low);
        return high ^ low;
    }
}
