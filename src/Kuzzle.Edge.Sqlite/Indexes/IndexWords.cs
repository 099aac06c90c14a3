using System.Text;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>
/// Words as the full-text index keeps them: their UTF-8 in hexadecimal, since FTS5's own tokenizers cut texts at other places than Elasticsearch's standard
/// analyzer. The beginning of a word stays the beginning of what is kept, and the order of words stays theirs.
/// </summary>
internal static class IndexWords
{
    /// <summary>Between the elements of an array: no word of a text, so no phrase crosses it.</summary>
    private const char Gap = 'z';

    public static void Append(StringBuilder text, List<byte[]> words)
    {
        if (words.Count == 0) return;
        if (text.Length > 0) text.Append(' ').Append(Gap);
        foreach (var word in words)
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(Convert.ToHexStringLower(word));
        }
    }

    /// <summary>An FTS5 query for words that follow each other; the last may go on.</summary>
    public static string Phrase(IReadOnlyList<byte[]> words, bool isPrefix) =>
        $"\"{string.Join(' ', words.Select(static word => Convert.ToHexStringLower(word)))}\"{(isPrefix ? " *" : "")}";
}
