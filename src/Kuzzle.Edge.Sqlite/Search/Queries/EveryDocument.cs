namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>match_all</c>.</summary>
internal sealed class EveryDocument(double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => "1";

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);
}
