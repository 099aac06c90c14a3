namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Finds the key that somebody probably meant.</summary>
internal sealed class NearestKey(IReadOnlyList<string> keys)
{
    /// <summary>A longer word is no typing mistake, and comparing it costs the product of both lengths.</summary>
    private const int MaxLength = 200;

    private readonly string[] _candidates = [.. keys.Concat(keys.SelectMany(Sections)).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The nearest key: one that differs by a few typing mistakes, or else one with the same last name in another place (<c>port</c> for <c>server.port</c>).
    /// Null when nothing is near.
    /// </summary>
    public string? To(string unknown)
    {
        if (unknown.Length > MaxLength) return null;

        var last = unknown[(unknown.LastIndexOf('.') + 1)..];
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in _candidates)
        {
            var distance = Distance(unknown, candidate);

            // What stands before the last dot is usually right, so the last name alone decides how much may be wrong.
            var allowed = Math.Max(2, Math.Min(last.Length, LastName(candidate).Length) / 3);
            if (distance <= allowed && distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }

        return best ?? Array.Find(_candidates, candidate => LastName(candidate).Equals(last, StringComparison.OrdinalIgnoreCase));
    }

    private static ReadOnlySpan<char> LastName(string key) => key.AsSpan(key.LastIndexOf('.') + 1);

    private static IEnumerable<string> Sections(string key)
    {
        for (var dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1)) yield return key[..dot];
    }

    /// <summary>
    /// How many letters must be inserted, left out, replaced or swapped with their neighbour (optimal string alignment). A letter in the wrong case is the
    /// cheapest mistake: none.
    /// </summary>
    private static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++) last[column] = column;

        for (var line = 1; line <= left.Length; line++)
        {
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var isSame = char.ToUpperInvariant(left[line - 1]) == char.ToUpperInvariant(right[column - 1]);
                var best = Math.Min(Math.Min(last[column] + 1, row[column - 1] + 1), last[column - 1] + (isSame ? 0 : 1));
                if (line > 1
                    && column > 1
                    && char.ToUpperInvariant(left[line - 1]) == char.ToUpperInvariant(right[column - 2])
                    && char.ToUpperInvariant(left[line - 2]) == char.ToUpperInvariant(right[column - 1]))
                {
                    best = Math.Min(best, beforeLast[column - 2] + 1);
                }

                row[column] = best;
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[right.Length];
    }
}
