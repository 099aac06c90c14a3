namespace Kuzzle.Edge.Api.Memory;

/// <summary>Patterns of keys as Redis reads them: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a]</c>, <c>\</c> before a character that means itself.</summary>
internal static class GlobPattern
{
    /// <summary>In a time that grows with the product of both lengths at the worst, whatever the pattern: one star is remembered, never two.</summary>
    public static bool IsMatch(string pattern, string text)
    {
        var (at, read) = (0, 0);
        var (star, resume) = (-1, 0);
        while (read < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                resume = read;
            }
            else if (at < pattern.Length && MatchesOne(pattern, at, text[read], out var next))
            {
                at = next;
                read++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                read = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    private static bool MatchesOne(string pattern, int at, char character, out int next)
    {
        next = at + 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '\\' when next < pattern.Length:
                return pattern[next++] == character;
            case '[' when pattern.IndexOf(']', next) is > 0 and var end:
                next = end + 1;
                return MatchesSet(pattern.AsSpan(at + 1, end - at - 1), character);
            default:
                return pattern[at] == character;
        }
    }

    private static bool MatchesSet(ReadOnlySpan<char> set, char character)
    {
        var isNegated = set is ['^', ..];
        if (isNegated) set = set[1..];

        var found = false;
        while (!set.IsEmpty)
        {
            if (set is [var from, '-', var to, ..])
            {
                found |= character >= from && character <= to;
                set = set[3..];
            }
            else
            {
                found |= set[0] == character;
                set = set[1..];
            }
        }

        return found != isNegated;
    }
}
