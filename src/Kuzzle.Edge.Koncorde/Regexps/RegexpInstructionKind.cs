namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>What a step of a program does.</summary>
internal enum RegexpInstructionKind
{
    /// <summary>The text matches.</summary>
    Match,

    /// <summary>Takes a code point of a set.</summary>
    Set,

    /// <summary>Goes on at two places.</summary>
    Fork,

    /// <summary>Goes on where a condition holds.</summary>
    Assert,
}
