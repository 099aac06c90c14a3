using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>match_all</c>.</summary>
internal sealed class EveryDocument(double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => "1";

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);

    public override bool Matches(in Candidate candidate, FieldScanner scanner) => true;

    public override bool IsEverything => true;
}
