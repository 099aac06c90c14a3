namespace Kuzzle.Edge.Sqlite.Search.Sources;

/// <summary>A field's name in which <c>*</c> stands for any letters, dots included.</summary>
internal sealed class PathPattern(string pattern)
{
    private readonly string[] _parts = pattern.Split('*');

    public bool Matches(ReadOnlySpan<char> path)
    {
        if (_parts.Length == 1) return path.SequenceEqual(_parts[0]);
        if (!path.StartsWith(_parts[0])) return false;

        // Each part at its first place leaves the most for those after it.
        var rest = path[_parts[0].Length..];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var found = rest.IndexOf(part);
            if (found < 0) return false;
            rest = rest[(found + part.Length)..];
        }

        return rest.EndsWith(_parts[^1]);
    }
}
