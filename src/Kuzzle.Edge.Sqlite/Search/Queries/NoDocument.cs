using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>match_none</c>, and clauses that nothing can match.</summary>
internal sealed class NoDocument : QueryNode
{
    public override string Predicate(SearchSql sql) => "0";

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(0);

    public override bool Matches(in Candidate candidate, FieldScanner scanner) => false;
}
