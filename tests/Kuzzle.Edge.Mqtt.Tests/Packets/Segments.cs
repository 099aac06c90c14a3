using System.Buffers;

namespace Kuzzle.Edge.Mqtt.Tests.Packets;

/// <summary>A sequence of several pieces, as a pipe delivers them.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] pieces)
    {
        if (pieces.Length == 0) return default;

        var first = new Segments { Memory = pieces[0] };
        var last = first;
        foreach (var piece in pieces.Skip(1))
        {
            var next = new Segments { Memory = piece, RunningIndex = last.RunningIndex + last.Memory.Length };
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public static ReadOnlySequence<byte> Of(params Memory<byte>[] pieces) => Of(Array.ConvertAll(pieces, piece => (ReadOnlyMemory<byte>)piece));
}
