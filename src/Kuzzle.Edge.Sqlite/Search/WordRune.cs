namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>What a character is to a word.</summary>
internal enum WordRune
{
    /// <summary>Ends a word.</summary>
    Other,

    /// <summary>Makes a word.</summary>
    Letter,

    /// <summary>Makes a word.</summary>
    Digit,

    /// <summary>An underscore or its like: joins what is around it.</summary>
    Joiner,

    /// <summary>Belongs to what is before it.</summary>
    Mark,

    /// <summary>A word of its own.</summary>
    Ideograph,
}
