namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>One key of a bucket order: <c>_count</c>, <c>_key</c>, or the path of a number within.</summary>
internal sealed record BucketOrder(string Path, bool Descending)
{
    public bool IsCount => Path is "_count";

    public bool IsKey => Path is "_key" or "_term";
}
