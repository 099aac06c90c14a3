namespace Kuzzle.Edge.Sqlite.Search.Regexps;

/// <summary>How a language is made of others.</summary>
internal enum RegexpOperator
{
    /// <summary>No text at all.</summary>
    Nothing,

    /// <summary>The empty text only.</summary>
    Empty,

    /// <summary>One letter of a set.</summary>
    Letter,

    /// <summary>One after the other.</summary>
    Sequence,

    /// <summary>Either.</summary>
    Union,

    /// <summary>Both at once.</summary>
    Intersection,

    /// <summary>Every text that is not in it.</summary>
    Complement,

    /// <summary>Any number of times.</summary>
    Repetition,
}
