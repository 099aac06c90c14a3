using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>A bucket of one value.</summary>
internal sealed record TermBucket(QueryValue Key, Bucket Bucket);
