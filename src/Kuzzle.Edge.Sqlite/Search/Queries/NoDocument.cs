namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>match_none</c>, and clauses that nothing can match.</summary>
internal sealed class NoDocument : QueryNode
{
    public override string Predicate(SearchSql sql) => "0";

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(0);
}
