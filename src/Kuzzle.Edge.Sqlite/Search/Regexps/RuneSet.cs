using System.Text;

namespace Kuzzle.Edge.Sqlite.Search.Regexps;

/// <summary>A set of characters, as sorted ranges that do not touch. Immutable.</summary>
internal sealed class RuneSet
{
    private const int Last = 0x10FFFF;

    private RuneSet(IReadOnlyList<(int From, int To)> ranges)
    {
        Ranges = ranges;
        Key = string.Join(',', ranges.Select(static range => $"{range.From:x}-{range.To:x}"));
    }

    public static RuneSet All { get; } = new([(0, Last)]);

    public IReadOnlyList<(int From, int To)> Ranges { get; }

    /// <summary>Equal for equal sets.</summary>
    public string Key { get; }

    public static RuneSet Of(IEnumerable<(int From, int To)> ranges, bool ignoreCase)
    {
        var all = ranges.ToList();
        if (ignoreCase) all.AddRange(all.ToArray().SelectMany(OtherCases));
        all.Sort();
        var merged = new List<(int From, int To)>();
        foreach (var range in all)
        {
            if (merged.Count > 0 && range.From <= merged[^1].To + 1) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, range.To));
            else merged.Add(range);
        }

        return new RuneSet(merged);
    }

    public RuneSet Others()
    {
        var others = new List<(int From, int To)>();
        var next = 0;
        foreach (var (from, to) in Ranges)
        {
            if (from > next) others.Add((next, from - 1));
            next = to + 1;
        }

        if (next <= Last) others.Add((next, Last));
        return new RuneSet(others);
    }

    public bool Contains(int rune)
    {
        foreach (var (from, to) in Ranges)
        {
            if (rune <= to) return rune >= from;
        }

        return false;
    }

    /// <summary>Of a wide range only ASCII's letters: nobody writes more, and looking at each character of Unicode would take long.</summary>
    private static IEnumerable<(int From, int To)> OtherCases((int From, int To) range)
    {
        var last = range.To - range.From < 1024 ? range.To : Math.Min(range.To, 0x7F);
        for (var value = range.From; value <= last; value++)
        {
            if (!Rune.TryCreate(value, out var rune)) continue;
            var (lower, upper) = (Rune.ToLowerInvariant(rune).Value, Rune.ToUpperInvariant(rune).Value);
            if (lower != value) yield return (lower, lower);
            if (upper != value) yield return (upper, upper);
        }
    }
}
