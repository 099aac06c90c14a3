namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>A query, read against the mapping of one collection. A tree; immutable.</summary>
internal abstract class QueryNode
{
    /// <summary>The condition: an expression that is 0 or 1, never NULL, and stands in brackets unless it is one word or one call.</summary>
    public abstract string Predicate(SearchSql sql);

    /// <summary>What a document that matches scores by this.</summary>
    public abstract ScoreExpression Score(SearchSql sql);
}
