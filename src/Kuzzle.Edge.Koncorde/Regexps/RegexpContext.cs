namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>What came before a place in a text, as far as assertions ask.</summary>
internal enum RegexpContext
{
    /// <summary>Nothing.</summary>
    Begin,

    /// <summary>A newline.</summary>
    Newline,

    /// <summary>An ASCII letter, digit or underscore.</summary>
    Word,

    /// <summary>Anything else, or nobody asks.</summary>
    Other,
}
