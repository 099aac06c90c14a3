namespace Kuzzle.Edge.Sqlite.Search.Sorting;

/// <summary>A direction.</summary>
internal enum SortOrder
{
    /// <summary>The smallest first.</summary>
    Ascending,

    /// <summary>The largest first.</summary>
    Descending,
}
