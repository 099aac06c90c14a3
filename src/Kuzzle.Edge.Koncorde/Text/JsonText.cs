using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Text;

/// <summary>Strings between JSON's spelling and <see cref="Utf8Text"/>. Never fails on a lone surrogate, as the base library's readers do.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> PlainLetters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz _.-:/+@#[](){}<>,;!?$%&*=^|~'`"u8);

    /// <summary>The unescaped text of a JSON string.</summary>
    public static Utf8Text Of(JsonElement text) => Unescape(RawContent(text));

    /// <summary>The unescaped name of a member.</summary>
    public static Utf8Text NameOf(JsonProperty member) => Unescape(JsonMarshal.GetRawUtf8PropertyName(member));

    public static bool IsNamed(JsonProperty member, ReadOnlySpan<byte> name)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return IsEscaped(raw) ? Unescape(raw).Span.SequenceEqual(name) : raw.SequenceEqual(name);
    }

    /// <summary>The bytes between the quotes, still escaped.</summary>
    public static ReadOnlySpan<byte> RawContent(JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    /// <summary>The member of a name, whatever else the object holds.</summary>
    public static bool TryGetMember(JsonElement container, ReadOnlySpan<byte> name, out JsonElement value)
    {
        foreach (var member in container.EnumerateObject())
        {
            if (!IsNamed(member, name)) continue;

            value = member.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>A value as text without spaces between, for messages.</summary>
    public static string Compact(JsonElement element)
    {
        var text = new StringBuilder();
        AppendCompact(text, element);
        return text.ToString();
    }

    public static bool IsEscaped(ReadOnlySpan<byte> raw) => raw.Contains((byte)'\\');

    public static Utf8Text Unescape(ReadOnlySpan<byte> raw)
    {
        if (!IsEscaped(raw)) return new Utf8Text(raw.ToArray());

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        var text = new Utf8Text(buffer.AsSpan(0, Unescape(raw, buffer)).ToArray());
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    /// <summary>Writes the unescaped text, never longer than <paramref name="raw"/>, and returns its length.</summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> output)
    {
        var written = 0;
        while (true)
        {
            var escape = raw.IndexOf((byte)'\\');
            var plain = escape < 0 ? raw : raw[..escape];
            plain.CopyTo(output[written..]);
            written += plain.Length;
            if (escape < 0) return written;

            raw = raw[(escape + 1)..];
            written += UnescapeOne(ref raw, output[written..]);
        }
    }

    /// <summary>Appends a JSON string, quoted, in one spelling only.</summary>
    public static void AppendQuoted(StringBuilder output, Utf8Text text)
    {
        output.Append('"');
        var rest = text.Span;
        if (!rest.ContainsAnyExcept(PlainLetters))
        {
            foreach (ref readonly var letter in rest) output.Append((char)letter);
            rest = default;
        }

        while (!rest.IsEmpty)
        {
            var value = CodePoints.Next(ref rest);
            switch (value)
            {
                case '"' or '\\': output.Append('\\').Append((char)value); break;
                case < 0x20 or (>= 0xD800 and <= 0xDFFF): output.Append("\\u").Append(value.ToString("x4", CultureInfo.InvariantCulture)); break;
                case < 0x1_0000: output.Append((char)value); break;
                default: output.Append(char.ConvertFromUtf32(value)); break;
            }
        }

        output.Append('"');
    }

    private static void AppendCompact(StringBuilder output, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var first = output.Append('{').Length;
                foreach (var member in element.EnumerateObject())
                {
                    if (output.Length > first) output.Append(',');
                    AppendQuoted(output, NameOf(member));
                    AppendCompact(output.Append(':'), member.Value);
                }

                output.Append('}');
                break;
            case JsonValueKind.Array:
                first = output.Append('[').Length;
                foreach (var item in element.EnumerateArray())
                {
                    if (output.Length > first) output.Append(',');
                    AppendCompact(output, item);
                }

                output.Append(']');
                break;
            case JsonValueKind.String:
                AppendQuoted(output, Of(element));
                break;
            default:
                output.Append(element.GetRawText());
                break;
        }
    }

    private static int UnescapeOne(ref ReadOnlySpan<byte> raw, Span<byte> output)
    {
        var kind = raw[0];
        if (kind == 'u') return CodePoints.Write(ReadUnicodeEscape(ref raw), output);

        raw = raw[1..];
        output[0] = kind switch
        {
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => kind,
        };
        return 1;
    }

    private static int ReadUnicodeEscape(ref ReadOnlySpan<byte> raw)
    {
        var first = ReadHex(raw[1..5]);
        raw = raw[5..];
        if (!char.IsHighSurrogate((char)first) || raw is not [(byte)'\\', (byte)'u', _, _, _, _, ..]) return first;

        var second = ReadHex(raw[2..6]);
        if (!char.IsLowSurrogate((char)second)) return first;

        raw = raw[6..];
        return char.ConvertToUtf32((char)first, (char)second);
    }

    private static int ReadHex(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
