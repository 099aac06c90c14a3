using System.Buffers;
using System.Text;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>The topic of a request: <c>controller.collection.action</c>. The broker of 2015 made no difference between a dot and a slash, so neither do we.</summary>
internal readonly record struct LegacyTopic(string Controller, string Collection, string Action)
{
    /// <summary>Names of collections have at most 126 bytes; what is longer than all three can be is nobody's request.</summary>
    private const int Longest = 256;

    private static readonly SearchValues<byte> Separators = SearchValues.Create("./"u8);

    /// <summary>Whether the dialect owns a topic: three words, of which the first is one of its controllers.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> topic)
    {
        if (topic.Length > Longest) return false;

        var first = topic.IndexOfAny(Separators);
        if (first < 0 || !IsController(topic[..first])) return false;

        var rest = topic[(first + 1)..];
        var second = rest.IndexOfAny(Separators);
        return second > 0 && second < rest.Length - 1 && rest[(second + 1)..].IndexOfAny(Separators) < 0;
    }

    /// <inheritdoc cref="IsRequest(ReadOnlySpan{byte})"/>
    public static bool IsRequest(string topic) => topic.Length <= Longest && IsRequest(Encoding.UTF8.GetBytes(topic));

    /// <summary>The three words of a topic that is a request.</summary>
    public static LegacyTopic Parse(string topic)
    {
        var words = topic.Split('.', '/');
        return new(words[0], words[1], words[2]);
    }

    private static bool IsController(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("write"u8) || word.SequenceEqual("read"u8) || word.SequenceEqual("subscribe"u8) || word.SequenceEqual("admin"u8) || word.SequenceEqual("bulk"u8);
}
