namespace Kuzzle.Edge.Sqlite.Search.QueryStrings;

/// <summary>What a clause of a query string is to the whole.</summary>
internal enum Occurrence
{
    /// <summary>It may match.</summary>
    Should,

    /// <summary>It must match.</summary>
    Must,

    /// <summary>It must not match.</summary>
    MustNot,
}
