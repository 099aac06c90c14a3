namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>
/// Words that follow each other in a text. The last may be the beginning of one; with a slop, the words may stand together that many places apart from where
/// the phrase has them, in any order.
/// </summary>
internal sealed class Phrase(IReadOnlyList<byte[]> words, PhraseEnd end, int slop) : ValueTest
{
    public override bool TakesWholeText => true;

    /// <summary>The words, for an index to look up.</summary>
    public IReadOnlyList<byte[]> Words => words;

    public PhraseEnd End => end;

    public int Slop => slop;

    public override bool Passes(FieldValue value) => value.Type == FieldValueType.Text && Find(Search.Words.Of(value.Text), from: 0) >= 0;

    /// <summary>At which word, not before a given one, the phrase begins; -1 when it does not.</summary>
    public int Find(List<byte[]> found, int from)
    {
        if (slop > 0) return FindLoose(found, from);
        for (var start = from; start + words.Count <= found.Count; start++)
        {
            if (StandsAt(found, start)) return start;
        }

        return -1;
    }

    /// <summary>Whether a word of a text is one of the phrase.</summary>
    public bool Mentions(byte[] word)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (Fits(word, i)) return true;
        }

        return false;
    }

    private bool StandsAt(List<byte[]> found, int start)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!Fits(found[start + i], i)) return false;
        }

        return true;
    }

    private bool Fits(byte[] word, int position) =>
        position == words.Count - 1 && end == PhraseEnd.Prefix ? word.AsSpan().StartsWith(words[position]) : word.AsSpan().SequenceEqual(words[position]);

    /// <summary>
    /// Each place of each word is shifted by the word's place in the phrase; the phrase is there when one of each lie no further apart than the slop. The
    /// smallest window over sorted lists: the lowest steps on until the window is small enough.
    /// </summary>
    private int FindLoose(List<byte[]> found, int from)
    {
        var places = new List<int>[words.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = [];
            for (var at = from; at < found.Count; at++)
            {
                if (Fits(found[at], i)) places[i].Add(at - i);
            }

            if (places[i].Count == 0) return -1;
        }

        var next = new int[words.Count];
        while (true)
        {
            var (lowest, highest) = (0, 0);
            for (var i = 1; i < places.Length; i++)
            {
                if (places[i][next[i]] < places[lowest][next[lowest]]) lowest = i;
                if (places[i][next[i]] > places[highest][next[highest]]) highest = i;
            }

            var clash = Clash(places, next);
            if (clash < 0 && places[highest][next[highest]] - places[lowest][next[lowest]] <= slop) return places[lowest][next[lowest]] + lowest;
            var step = clash < 0 ? lowest : clash;
            if (++next[step] >= places[step].Count) return -1;
        }
    }

    /// <summary>Of two equal words of the phrase that stand for the same word of the text, the later.</summary>
    private static int Clash(List<int>[] places, int[] next)
    {
        for (var later = 1; later < places.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (places[later][next[later]] + later == places[earlier][next[earlier]] + earlier) return later;
            }
        }

        return -1;
    }
}
