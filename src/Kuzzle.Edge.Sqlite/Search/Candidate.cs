namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>A document that a search looks at, as its row holds it; valid until the statement steps on.</summary>
internal readonly ref struct Candidate(int target, long row, ReadOnlySpan<byte> id, ReadOnlySpan<byte> source)
{
    /// <summary>Which of the search's collections it is in.</summary>
    public int Target { get; } = target;

    /// <summary>Its row there.</summary>
    public long Row { get; } = row;

    /// <summary>Its identifier, in UTF-8.</summary>
    public ReadOnlySpan<byte> Id { get; } = id;

    /// <summary>Its JSON, in UTF-8.</summary>
    public ReadOnlySpan<byte> Source { get; } = source;
}
