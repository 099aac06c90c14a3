using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>How a channel lies in a buffer: <c>[be|le]:[s|u|f]bits/storagebits[Xrepeat][&gt;&gt;shift]</c>, as the kernel's ABI document sysfs-bus-iio has it.</summary>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="Kind"><c>s</c> for two's complement, <c>u</c> for unsigned, <c>f</c> for IEEE 754.</param>
/// <param name="Bits">How many bits count. 1 to 64.</param>
/// <param name="StorageBits">How many it takes: 8, 16, 32 or 64. Its bytes are its alignment too.</param>
/// <param name="Repeat">How many values there are, usually one.</param>
/// <param name="Shift">How far to the right they are shifted first.</param>
internal sealed record IioScanFormat(bool IsBigEndian, char Kind, int Bits, int StorageBits, int Repeat, int Shift)
{
    /// <summary>How many bytes it takes, and to what it is aligned.</summary>
    public int Length => StorageBits / 8 * Repeat;

    /// <summary>Reads the text of a <c>_type</c> file.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IioScanFormat? format)
    {
        format = null;
        var rest = text.Trim();
        var isBigEndian = rest.StartsWith("be:");
        if ((!isBigEndian && !rest.StartsWith("le:")) || rest.Length < 4 || rest[3] is not ('s' or 'u' or 'f')) return false;

        var kind = rest[3];
        rest = rest[4..];
        var shift = 0;
        var arrows = rest.IndexOf(">>");
        if (arrows >= 0)
        {
            if (!TryNumber(rest[(arrows + 2)..], 0, 63, out shift)) return false;
            rest = rest[..arrows];
        }

        var repeat = 1;
        var times = rest.IndexOf('X');
        if (times >= 0)
        {
            if (!TryNumber(rest[(times + 1)..], 1, 64, out repeat)) return false;
            rest = rest[..times];
        }

        var slash = rest.IndexOf('/');
        if (slash < 0 || !TryNumber(rest[..slash], 1, 64, out var bits) || !TryNumber(rest[(slash + 1)..], 8, 64, out var storage)) return false;
        if (storage is not (8 or 16 or 32 or 64) || bits + shift > storage) return false;
        if (kind == 'f' && (bits != storage || shift != 0 || bits is not (16 or 32 or 64))) return false;

        format = new IioScanFormat(isBigEndian, kind, bits, storage, repeat, shift);
        return true;
    }

    /// <summary>The number in these bytes, before scale and offset.</summary>
    public double Decode(ReadOnlySpan<byte> bytes)
    {
        var all = Raw(bytes);
        if (Kind == 'f')
        {
            return Bits switch
            {
                16 => (double)BitConverter.UInt16BitsToHalf((ushort)all),
                32 => BitConverter.UInt32BitsToSingle((uint)all),
                _ => BitConverter.UInt64BitsToDouble(all),
            };
        }

        // What lies beside the bits may be other information: it is masked out.
        var unused = 64 - Bits;
        var number = all >> Shift << unused;
        return Kind == 's' ? (long)number >> unused : number >> unused;
    }

    /// <summary>The number in these bytes as a whole number: for timestamps, which a double would round.</summary>
    public long DecodeWhole(ReadOnlySpan<byte> bytes)
    {
        var unused = 64 - Bits;
        return (long)(Raw(bytes) >> Shift << unused) >> unused;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int least, int greatest, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= greatest;

    private ulong Raw(ReadOnlySpan<byte> bytes)
    {
        var length = StorageBits / 8;
        var all = 0UL;
        for (var i = 0; i < length; i++) all = (all << 8) | bytes[IsBigEndian ? i : length - 1 - i];
        return all;
    }
}
