using System.Buffers;

namespace Kuzzle.Edge.Fuzz.Codec;

/// <summary>A piece of a sequence of bytes.</summary>
internal sealed class Piece : ReadOnlySequenceSegment<byte>
{
    private Piece(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, int at)
    {
        var first = new Piece(bytes[..at], 0);
        var second = new Piece(bytes[at..], at);
        first.Next = second;
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }
}
