namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>Which of several values a document is sorted by.</summary>
internal enum SortMode
{
    /// <summary>The smallest.</summary>
    Smallest,

    /// <summary>The largest.</summary>
    Largest,

    /// <summary>All added.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Average,

    /// <summary>The one in the middle.</summary>
    Median,
}
