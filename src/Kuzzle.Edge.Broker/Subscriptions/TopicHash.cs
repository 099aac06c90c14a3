using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>
/// Hashes topics and their levels. The seed is random for each process: outsiders choose the topics, and with a known hash they could make every one of them
/// land in the same slot.
/// </summary>
internal static class TopicHash
{
    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public static int Compute(ReadOnlySpan<byte> bytes)
    {
        // Multiply and fold, eight bytes at a time: every bit of the input and of the seed reaches every bit of the result.
        var hash = Seed ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var tail = 0UL;
        for (var i = 0; i < bytes.Length; i++) tail |= (ulong)bytes[i] << (8 * i);
        hash = Mix(hash ^ tail);
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ BitOperations.RotateLeft(Seed, 23), 0x9E37_79B9_7F4A_7C15UL, out var low);
        return high ^ low;
    }
}
