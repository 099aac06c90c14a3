namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Documents of given identifiers, found by the index.</summary>
internal sealed class IdQuery(IReadOnlyList<string> ids, double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) =>
        ids.Count == 0 ? "0" : $"(d.id IN (SELECT value FROM json_each({sql.Parameter(SearchSql.JsonArray(ids))})))";

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);
}
