using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Rows;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>constant_score</c>: matches as its filter, scores as told.</summary>
internal sealed class ConstantScore(QueryNode filter, double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => filter.Predicate(sql);

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);

    public override bool Matches(in Candidate candidate, FieldScanner scanner) => filter.Matches(candidate, scanner);

    public override void ShowReasons(Action<FieldTest> show) => filter.ShowReasons(show);

    public override RowSet? Rows(RowLookup lookup) => filter.Rows(lookup);
}
