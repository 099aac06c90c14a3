using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Rows;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>That a document passes one test.</summary>
internal sealed class FieldQuery(LeafTest test, double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => sql.Call(test);

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);

    public override bool Matches(in Candidate candidate, FieldScanner scanner) =>
        test.Matches(scanner, test.IsAboutId ? candidate.Id : candidate.Source);

    public override void ShowReasons(Action<FieldTest> show)
    {
        if (test is FieldTest field) show(field);
    }

    public override RowSet? Rows(RowLookup lookup) => test is FieldTest field ? lookup.Of(field) : null;
}
