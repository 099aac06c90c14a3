namespace Kuzzle.Edge.Fuzz.Seeds;

/// <summary>
/// Makes packets that are nearly legal: properties in another order, twice, missing or foreign; then bits, bytes and lengths changed, the end cut off, pieces of
/// other packets put in. The same random numbers give the same packets.
/// </summary>
internal sealed class Mutator(Random random)
{
    /// <summary>Room for the largest packet that comes out.</summary>
    public const int LargestPacket = 16 * 1024;

    // What a mutation may add to a packet of the corpus stays far below the room.
    private const int LargestToGrow = LargestPacket / 4;

    private static readonly byte[] Interesting = [0, 1, 2, 3, 0x7F, 0x80, 0xC0, 0xC2, 0xED, 0xEF, 0xF4, 0xFF, (byte)'#', (byte)'+', (byte)'/', (byte)'$'];
    private static readonly int[] InterestingLengths = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF];

    private readonly byte[] _other = new byte[LargestPacket];
    private readonly List<byte[]> _properties = [];

    /// <summary>Writes a packet of the corpus unchanged.</summary>
    /// <returns>Its length.</returns>
    public static int Copy(Seed seed, Span<byte> destination) => seed.Write(seed.Properties, destination);

    /// <summary>Writes a mutation of a packet.</summary>
    /// <returns>Its length.</returns>
    public int Mutate(Seed seed, ReadOnlySpan<Seed> corpus, Span<byte> destination)
    {
        var length = seed.Properties is not null && random.Next(3) == 0 ? WriteWithOtherProperties(seed, destination) : Copy(seed, destination);
        for (var changes = random.Next(4); changes > 0; changes--) length = Change(destination, length, corpus);
        return length;
    }

    private int WriteWithOtherProperties(Seed seed, Span<byte> destination)
    {
        _properties.Clear();
        _properties.AddRange(seed.Properties!);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            switch (random.Next(4))
            {
                case 0 when _properties.Count > 1: random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_properties)); break;
                case 1 when _properties.Count > 0: _properties.RemoveAt(random.Next(_properties.Count)); break;
                case 2 when _properties.Count > 0: _properties.Insert(random.Next(_properties.Count), _properties[random.Next(_properties.Count)]); break;
                default: _properties.Insert(random.Next(_properties.Count + 1), Corpus.Properties[random.Next(Corpus.Properties.Length)]); break;
            }
        }

        return seed.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_properties), destination);
    }

    private int Change(Span<byte> packet, int length, ReadOnlySpan<Seed> corpus)
    {
        var at = random.Next(length);
        switch (random.Next(9))
        {
            case 0:
                packet[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                packet[at] = (byte)random.Next(256);
                return length;
            case 2:
                packet[at] = Interesting[random.Next(Interesting.Length)];
                return length;
            case 3:
                return Math.Max(1, at);
            case 4:
                return Remove(packet, length, at);
            case 5:
                return Insert(packet, length, at);
            case 6:
                return Splice(packet, length, at, corpus[random.Next(corpus.Length)]);
            case 7:
                LieAboutTheWhole(packet, length);
                return length;
            default:
                LieAboutAField(packet, length, at);
                return length;
        }
    }

    /// <summary>Takes some bytes out; half the time the remaining length knows.</summary>
    private int Remove(Span<byte> packet, int length, int at)
    {
        var count = Math.Min(random.Next(1, 9), length - at);
        packet[(at + count)..length].CopyTo(packet[at..]);
        length = Math.Max(2, length - count);
        if (random.Next(2) == 0) SetRemainingLength(packet, length);
        return length;
    }

    private int Insert(Span<byte> packet, int length, int at)
    {
        var count = random.Next(1, 9);
        if (length > LargestToGrow) return length;

        packet[at..length].CopyTo(packet[(at + count)..]);
        random.NextBytes(packet.Slice(at, count));
        length += count;
        if (random.Next(2) == 0) SetRemainingLength(packet, length);
        return length;
    }

    /// <summary>From here on it is another packet's end.</summary>
    private int Splice(Span<byte> packet, int length, int at, Seed with)
    {
        var otherLength = Copy(with, _other);
        var from = random.Next(otherLength);
        var tail = _other.AsSpan(from, otherLength - from);
        if (at + tail.Length > LargestToGrow) return length;

        tail.CopyTo(packet[at..]);
        length = Math.Max(2, at + tail.Length);
        if (random.Next(3) != 0) SetRemainingLength(packet, length);
        return length;
    }

    private void LieAboutTheWhole(Span<byte> packet, int length)
    {
        switch (random.Next(4))
        {
            case 0 when length > 1: packet[1]++; break;
            case 1 when length > 1: packet[1]--; break;
            case 2 when length > 4: new byte[] { 0xFF, 0xFF, 0xFF, 0x7F }.CopyTo(packet[1..]); break;
            default: packet[1..Math.Min(length, 1 + random.Next(1, 5))].Fill(0x80); break;
        }
    }

    private void LieAboutAField(Span<byte> packet, int length, int at)
    {
        if (at + 1 >= length) return;

        var lie = InterestingLengths[random.Next(InterestingLengths.Length)];
        packet[at] = (byte)(lie >> 8);
        packet[at + 1] = (byte)lie;
    }

    /// <summary>Corrects the remaining length where that is possible in the bytes it has.</summary>
    private static void SetRemainingLength(Span<byte> packet, int length)
    {
        if (packet[1] < 0x80)
        {
            if (length - 2 < 0x80) packet[1] = (byte)(length - 2);
        }
        else if (length >= 3 && packet[2] < 0x80 && length - 3 < 16_384)
        {
            packet[1] = (byte)(((length - 3) & 0x7F) | 0x80);
            packet[2] = (byte)((length - 3) >> 7);
        }
    }
}
