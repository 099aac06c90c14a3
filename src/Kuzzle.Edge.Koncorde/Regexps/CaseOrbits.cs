using System.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Code points that simple case folding takes for one another: K, k and the Kelvin sign; never one for two, as ß for ss would be.</summary>
internal static class CaseOrbits
{
    /// <summary>No letter above has another case.</summary>
    private const int End = 0x1_F000;

    private static readonly Lazy<Orbits> Table = new(Build);

    /// <summary>The other cases of all letters from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static IEnumerable<int> Of(int first, int last)
    {
        var (letters, others) = Table.Value;
        var at = Array.BinarySearch(letters, first);
        for (at = at < 0 ? ~at : at; at < letters.Length && letters[at] <= last; at++)
        {
            foreach (var other in others[at]) yield return other;
        }
    }

    /// <summary>Letters are of one orbit when upper or lower case of one is that of the other, or a chain of such leads there.</summary>
    private static Orbits Build()
    {
        var orbits = new SortedDictionary<int, SortedSet<int>>();
        for (var value = 0; value < End; value++)
        {
            if (value is >= 0xD800 and <= 0xDFFF) continue;

            var letter = new Rune(value);
            Join(orbits, value, Rune.ToUpperInvariant(letter).Value);
            Join(orbits, value, Rune.ToLowerInvariant(letter).Value);
        }

        // The base library leaves the long s alone, for its upper case is ASCII; case folding does not.
        Join(orbits, 'ſ', 'S');

        var others = orbits.Select(static orbit => orbit.Value.Where(value => value != orbit.Key).ToArray());
        return new Orbits([.. orbits.Keys], [.. others]);
    }

    private static void Join(SortedDictionary<int, SortedSet<int>> orbits, int letter, int other)
    {
        if (letter == other) return;

        var joined = orbits.GetValueOrDefault(letter) ?? [letter];
        joined.UnionWith(orbits.GetValueOrDefault(other) ?? [other]);
        foreach (var member in joined) orbits[member] = joined;
    }

    private sealed record Orbits(int[] Letters, int[][] Others);
}
