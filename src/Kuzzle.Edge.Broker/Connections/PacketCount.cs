using System.Buffers;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Counts packets by their headers alone.</summary>
internal static class PacketCount
{
    /// <summary>How many whole packets there are, and one more if another has begun.</summary>
    public static int In(in ReadOnlySequence<byte> received)
    {
        var reader = new SequenceReader<byte>(received);
        var count = 0;
        while (reader.TryRead(out _))
        {
            count++;
            long length = 0;
            for (var shift = 0; shift < 28; shift += 7)
            {
                if (!reader.TryRead(out var next)) return count;

                length |= (long)(next & 0x7F) << shift;
                if (next < 0x80) break;
            }

            if (reader.Remaining < length) return count;
            reader.Advance(length);
        }

        return count;
    }
}
