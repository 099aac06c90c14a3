using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>That a field has a value of some kind.</summary>
internal sealed class FieldQuery(FieldTest test, double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => sql.Call(test);

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);
}
