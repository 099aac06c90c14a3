namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>constant_score</c>: matches as its filter, scores as told.</summary>
internal sealed class ConstantScore(QueryNode filter, double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => filter.Predicate(sql);

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);
}
