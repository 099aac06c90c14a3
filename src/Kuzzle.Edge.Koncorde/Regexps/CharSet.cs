namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>A set of code points. Immutable.</summary>
/// <param name="bounds">Where the set begins and ends, by turns, ascending: in at the first, out at the second, and so on.</param>
internal sealed class CharSet(int[] bounds) : IEquatable<CharSet>
{
    public const int End = 0x11_0000;

    public static readonly CharSet Any = new([0, End]);

    public static readonly CharSet AnyButNewline = new([0, '\n', '\n' + 1, End]);

    public static readonly CharSet Digits = new(['0', '9' + 1]);

    public static readonly CharSet Spaces = new(['\t', '\n' + 1, '\f', '\r' + 1, ' ', ' ' + 1]);

    public static readonly CharSet WordLetters = new(['0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1]);

    public ReadOnlySpan<int> Bounds => bounds;

    /// <summary>All that is not in this set.</summary>
    public CharSet Complement()
    {
        List<int> others = [];
        if (bounds is not [0, ..]) others.Add(0);
        others.AddRange(bounds is [0, ..] ? bounds[1..] : bounds);
        if (bounds is [.., End]) others.RemoveAt(others.Count - 1);
        else others.Add(End);
        return new CharSet([.. others]);
    }

    public bool Equals(CharSet? other) => other is not null && Bounds.SequenceEqual(other.Bounds);

    public override bool Equals(object? obj) => Equals(obj as CharSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var bound in bounds) hash.Add(bound);
        return hash.ToHashCode();
    }
}
