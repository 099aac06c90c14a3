namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>One bucket of a <c>range</c>: from (in) to (out), either open.</summary>
internal sealed record BucketRange(string? Key, double? From, double? To)
{
    public bool Contains(double value) => (From is not { } from || value >= from) && (To is not { } to || value < to);
}
