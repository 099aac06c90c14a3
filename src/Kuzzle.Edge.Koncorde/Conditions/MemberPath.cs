using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>How <c>exists</c> and <c>missing</c> name a field, or a scalar inside an array: <c>tags["x"]</c>. A backslash makes a bracket literal.</summary>
internal static class MemberPath
{
    /// <summary>Splits <c>path[json]</c>; false when the text is a plain field name.</summary>
    public static bool TrySplit(Utf8Text text, out Utf8Text field, out Utf8Text member)
    {
        var bytes = text.Span;
        var open = bytes is [.., (byte)']'] ? FindOpening(bytes) : -1;
        field = open < 0 ? text : new Utf8Text(bytes[..open].ToArray());
        member = open < 0 ? default : new Utf8Text(bytes[(open + 1)..^1].ToArray());
        return open >= 0;
    }

    /// <summary>Reads what stands between the brackets. <paramref name="value"/> is null for an object or array, which no element equals.</summary>
    public static bool TryReadMember(Utf8Text member, out Scalar? value)
    {
        value = null;
        try
        {
            using var json = JsonDocument.Parse(member.Span.ToArray());
            if (Scalar.TryRead(json.RootElement, out var scalar)) value = scalar;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static Utf8Text Unescape(Utf8Text path)
    {
        if (!path.Span.Contains((byte)'\\')) return path;

        List<byte> plain = [];
        for (var i = 0; i < path.Span.Length; i++)
        {
            if (path.Span[i] == '\\' && path.Span[(i + 1)..] is [(byte)'[' or (byte)']', ..]) continue;

            plain.Add(path.Span[i]);
        }

        return new Utf8Text([.. plain]);
    }

    public static Utf8Text Escape(Utf8Text field)
    {
        if (field.Span.IndexOfAny((byte)'[', (byte)']') < 0) return field;

        List<byte> escaped = [];
        foreach (var value in field.Span)
        {
            if (value is (byte)'[' or (byte)']') escaped.Add((byte)'\\');
            escaped.Add(value);
        }

        return new Utf8Text([.. escaped]);
    }

    private static int FindOpening(ReadOnlySpan<byte> bytes)
    {
        for (var i = 1; i < bytes.Length; i++)
        {
            if (bytes[i] == '[' && bytes[i - 1] != '\\') return i;
        }

        return -1;
    }
}
