namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Collects code points in any order.</summary>
internal sealed class CharSetBuilder
{
    private readonly List<(int First, int Last)> _ranges = [];

    public void Add(int first, int last) => _ranges.Add((first, last));

    public void Add(CharSet set)
    {
        for (var i = 0; i < set.Bounds.Length; i += 2) Add(set.Bounds[i], set.Bounds[i + 1] - 1);
    }

    /// <summary>Adds every code point that differs from one in the set by case only.</summary>
    public void AddOtherCases()
    {
        foreach (var (first, last) in _ranges.ToArray())
        {
            foreach (var other in CaseOrbits.Of(first, last)) Add(other, other);
        }
    }

    public CharSet Build()
    {
        _ranges.Sort();
        List<int> bounds = [];
        foreach (var (first, last) in _ranges)
        {
            if (bounds.Count == 0 || first > bounds[^1]) bounds.AddRange([first, last + 1]);
            else bounds[^1] = Math.Max(bounds[^1], last + 1);
        }

        return new CharSet([.. bounds]);
    }
}
