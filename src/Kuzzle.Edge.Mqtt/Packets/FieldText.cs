using System.Buffers.Binary;
using System.Text;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// Strings on their way out: two bytes of length and UTF-8. What cannot be sent (a lone surrogate, U+0000, more than 65,535 bytes) is the fault of our own
/// program, hence an exception.
/// </summary>
internal static class FieldText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static int BytesOf(string text)
    {
        var length = Strict.GetByteCount(text);
        if (length > ushort.MaxValue) throw new ArgumentException($"A string of {length} bytes cannot be sent; at most 65535 can.", nameof(text));
        if (text.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A string with U+0000 cannot be sent.", nameof(text));

        return length;
    }

    public static void Write(Span<byte> destination, string text, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)length);
        Strict.GetBytes(text, destination.Slice(2, length));
    }
}
