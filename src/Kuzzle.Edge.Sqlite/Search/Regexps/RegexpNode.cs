namespace Kuzzle.Edge.Sqlite.Search.Regexps;

/// <summary>A regular language, as a node that a <see cref="RegexpAlgebra"/> has made; equal ones are the same object.</summary>
internal sealed class RegexpNode(int number, RegexpOperator operation, bool matchesEmpty, RuneSet? letters, RegexpNode[] parts)
{
    /// <summary>Its number in its algebra.</summary>
    public int Number { get; } = number;

    public RegexpOperator Operation { get; } = operation;

    /// <summary>Whether the empty text is in the language.</summary>
    public bool MatchesEmpty { get; } = matchesEmpty;

    /// <summary>The letters of a <see cref="RegexpOperator.Letter"/>.</summary>
    public RuneSet? Letters { get; } = letters;

    public RegexpNode[] Parts { get; } = parts;
}
