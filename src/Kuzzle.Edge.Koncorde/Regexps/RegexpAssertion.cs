namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>A condition on the place between two code points. Those before <see cref="EndOfText"/> are settled by what came before.</summary>
internal enum RegexpAssertion
{
    /// <summary>Nothing came before.</summary>
    BeginOfText,

    /// <summary>Nothing, or a newline, came before.</summary>
    BeginOfLine,

    /// <summary>Nothing follows.</summary>
    EndOfText,

    /// <summary>Nothing, or a newline, follows.</summary>
    EndOfLine,

    /// <summary>An ASCII word begins or ends.</summary>
    WordBoundary,

    /// <summary>No ASCII word begins or ends.</summary>
    NoWordBoundary,
}
