namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>What a part of a regular expression is.</summary>
internal enum RegexpNodeKind
{
    /// <summary>One code point of a set.</summary>
    Set,

    /// <summary>Parts one after the other; the empty expression when there are none.</summary>
    Sequence,

    /// <summary>One of several parts.</summary>
    Choice,

    /// <summary>A part several times.</summary>
    Repeat,

    /// <summary>A condition on the place between two code points.</summary>
    Assertion,
}
