namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>One end of a range.</summary>
/// <param name="Value">Where it is.</param>
/// <param name="Inclusive">Whether the value itself belongs to the range.</param>
internal sealed record Bound(QueryValue Value, bool Inclusive);
