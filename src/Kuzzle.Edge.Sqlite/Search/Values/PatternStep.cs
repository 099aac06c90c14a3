namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>What one place of a <see cref="TextPattern"/> takes.</summary>
internal enum PatternStep
{
    /// <summary>One given character.</summary>
    Literal,

    /// <summary>Any one character.</summary>
    AnyOne,

    /// <summary>Any number of any characters.</summary>
    AnyRun,
}
