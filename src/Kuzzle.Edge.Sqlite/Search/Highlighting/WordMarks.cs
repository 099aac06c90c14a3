using System.Text;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Highlighting;

/// <summary>Finds the words of a text that tests are about.</summary>
internal static class WordMarks
{
    /// <summary>Where the words begin and end, in order.</summary>
    public static List<(int Start, int End)> Find(string text, IReadOnlyList<ValueTest> tests)
    {
        var places = new List<(int Start, int End)>();
        var words = Words.Of(text, places).ConvertAll(Encoding.UTF8.GetBytes);
        var marked = new bool[words.Count];
        foreach (var test in tests)
        {
            if (test is Phrase phrase) MarkPhrases(phrase, words, marked);
            else if (test is not AnyValue) MarkWords(test, words, marked);
        }

        return [.. Enumerable.Range(0, words.Count).Where(i => marked[i]).Select(i => places[i])];
    }

    private static void MarkWords(ValueTest test, List<byte[]> words, bool[] marked)
    {
        for (var i = 0; i < marked.Length; i++) marked[i] |= test.Passes(FieldValue.Of(words[i]));
    }

    private static void MarkPhrases(Phrase phrase, List<byte[]> words, bool[] marked)
    {
        for (var at = phrase.Find(words, 0); at >= 0; at = phrase.Find(words, at + 1))
        {
            for (var i = at; i < Math.Min(at + phrase.Words.Count + phrase.Slop, marked.Length); i++) marked[i] |= phrase.Mentions(words[i]);
        }
    }
}
