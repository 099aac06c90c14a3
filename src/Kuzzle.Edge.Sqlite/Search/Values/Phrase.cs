namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>Words that follow each other in a text. The last may be the beginning of one.</summary>
internal sealed class Phrase(IReadOnlyList<byte[]> words, PhraseEnd end) : ValueTest
{
    public override bool TakesWholeText => true;

    public override bool Passes(FieldValue value)
    {
        if (value.Type != FieldValueType.Text) return false;

        var found = Words.Of(value.Text);
        for (var start = 0; start + words.Count <= found.Count; start++)
        {
            if (StandsAt(found, start)) return true;
        }

        return false;
    }

    private bool StandsAt(List<byte[]> found, int start)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = found[start + i].AsSpan();
            var fits = i == words.Count - 1 && end == PhraseEnd.Prefix ? word.StartsWith(words[i]) : word.SequenceEqual(words[i]);
            if (!fits) return false;
        }

        return true;
    }
}
