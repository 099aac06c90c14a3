namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Where in a program a matcher can be, and what it has just read.</summary>
internal sealed class RegexpState(int[] places, RegexpContext before) : IEquatable<RegexpState>
{
    private readonly int _hash = HashOf(places, before);

    /// <summary>Ascending.</summary>
    public int[] Places => places;

    public RegexpContext Before => before;

    /// <summary>Whether no match has begun.</summary>
    public bool IsEmpty => places.Length == 0;

    public bool Equals(RegexpState? other) => other is not null && before == other.Before && places.AsSpan().SequenceEqual(other.Places);

    public override bool Equals(object? obj) => Equals(obj as RegexpState);

    public override int GetHashCode() => _hash;

    private static int HashOf(int[] places, RegexpContext before)
    {
        var hash = default(HashCode);
        hash.Add(before);
        foreach (var place in places) hash.Add(place);
        return hash.ToHashCode();
    }
}
