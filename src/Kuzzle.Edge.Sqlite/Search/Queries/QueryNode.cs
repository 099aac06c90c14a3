using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Rows;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>A query, read against the mapping of one collection. A tree; immutable.</summary>
internal abstract class QueryNode
{
    /// <summary>The condition: an expression that is 0 or 1, never NULL, and stands in brackets unless it is one word or one call.</summary>
    public abstract string Predicate(SearchSql sql);

    /// <summary>The same, decided here for one document.</summary>
    public abstract bool Matches(in Candidate candidate, FieldScanner scanner);

    /// <summary>What the indexes give for it, or null when each document must be looked at.</summary>
    public virtual RowSet? Rows(RowLookup lookup) => null;

    /// <summary>Whether every document matches.</summary>
    public virtual bool IsEverything => false;

    /// <summary>Shows each leaf that can be the reason why a document matches, for highlighting.</summary>
    public virtual void ShowReasons(Action<FieldTest> show)
    {
    }

    /// <summary>What a document that matches scores by this.</summary>
    public abstract ScoreExpression Score(SearchSql sql);
}
