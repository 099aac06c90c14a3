using System.Buffers;
using System.Text.Unicode;

namespace Kuzzle.Edge.Mqtt.Topics;

/// <summary>
/// What strings may hold. Every string must be well-formed UTF-8 without U+0000; names (client identifiers, user names, topics, filters) must also be
/// free of the control characters U+0001–1F and U+007F–9F, which the standard lets a receiver refuse and which have no business in a log line. A
/// byte order mark is an ordinary character. [MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT-1.5.3-3] [MQTT5-1.5.4-1] [MQTT5-1.5.4-2] [MQTT5-1.5.4-3]
/// </summary>
public static class Utf8Text
{
    // U+0080 to U+009F are C2 80 to C2 9F: only a second byte can tell them from U+00A0 and up, so they are looked for apart.
    private static readonly SearchValues<byte> PlainNameBytes = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(code => (byte)code)]);

    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), 0x7F]);

    /// <summary>Well-formed, without U+0000.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => !text.Contains((byte)0) && Utf8.IsValid(text);

    /// <summary>Well-formed, without U+0000 and other control characters.</summary>
    public static bool IsValidName(ReadOnlySpan<byte> name) =>
        name.IndexOfAnyExcept(PlainNameBytes) < 0 || (!HasControls(name) && Utf8.IsValid(name));

    internal static bool HasControls(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(Controls)) return true;

        while (true)
        {
            var lead = text.IndexOf((byte)0xC2);
            if (lead < 0 || lead + 1 >= text.Length) return false;
            if (text[lead + 1] is >= 0x80 and <= 0x9F) return true;

            text = text[(lead + 1)..];
        }
    }
}
