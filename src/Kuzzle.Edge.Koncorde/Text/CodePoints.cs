namespace Kuzzle.Edge.Koncorde.Text;

/// <summary>Code points in and out of generalised UTF-8. Bytes that encode nothing read as U+FFFD, one by one.</summary>
internal static class CodePoints
{
    private const int Replacement = 0xFFFD;

    /// <summary>Takes the first code point off; lone surrogates come out as themselves.</summary>
    public static int Next(ref ReadOnlySpan<byte> rest)
    {
        var (value, length) = Decode(rest);
        rest = rest[length..];
        return value;
    }

    /// <summary>Writes one code point, surrogates included, and returns how many bytes it took.</summary>
    public static int Write(int value, Span<byte> output)
    {
        switch (value)
        {
            case < 0x80:
                output[0] = (byte)value;
                return 1;
            case < 0x800:
                output[0] = (byte)(0xC0 | (value >> 6));
                output[1] = Continuation(value);
                return 2;
            case < 0x1_0000:
                output[0] = (byte)(0xE0 | (value >> 12));
                output[1] = Continuation(value >> 6);
                output[2] = Continuation(value);
                return 3;
            default:
                output[0] = (byte)(0xF0 | (value >> 18));
                output[1] = Continuation(value >> 12);
                output[2] = Continuation(value >> 6);
                output[3] = Continuation(value);
                return 4;
        }
    }

    private static byte Continuation(int value) => (byte)(0x80 | (value & 0x3F));

    private static (int Value, int Length) Decode(ReadOnlySpan<byte> bytes)
    {
        var lead = bytes[0];
        if (lead < 0x80) return (lead, 1);

        var (value, length, least) = lead switch
        {
            >= 0xC2 and < 0xE0 => (lead & 0x1F, 2, 0x80),
            >= 0xE0 and < 0xF0 => (lead & 0x0F, 3, 0x800),
            >= 0xF0 and < 0xF5 => (lead & 0x07, 4, 0x1_0000),
            _ => (0, 0, 0),
        };
        if (length == 0 || bytes.Length < length) return (Replacement, 1);

        foreach (var next in bytes[1..length])
        {
            if ((next & 0xC0) != 0x80) return (Replacement, 1);

            value = (value << 6) | (next & 0x3F);
        }

        return value < least || value > 0x10_FFFF ? (Replacement, 1) : (value, length);
    }
}
