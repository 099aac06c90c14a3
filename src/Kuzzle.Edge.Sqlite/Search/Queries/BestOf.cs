using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Rows;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>At least one of several queries; scores as the best of them.</summary>
internal sealed class BestOf(IReadOnlyList<QueryNode> queries, double boost) : QueryNode
{
    public override string Predicate(SearchSql sql) => queries.Count == 0 ? "0" : SearchSql.Balanced([.. queries.Select(query => query.Predicate(sql))], "OR");

    public override ScoreExpression Score(SearchSql sql)
    {
        if (queries.Count == 0) return ScoreExpression.Of(0);
        var best = Best([.. queries.Select(query => IfMatching(sql, query))]);
        return new ScoreExpression(0, $"({best} * {sql.Parameter(boost)})");
    }

    private static string IfMatching(SearchSql sql, QueryNode query)
    {
        var score = query.Score(sql);
        var constant = sql.Parameter(score.Constant);
        return $"iif({query.Predicate(sql)}, {(score.Sql is null ? constant : $"{score.Sql} + {constant}")}, 0.0)";
    }

    /// <summary>Two by two: SQLite's functions take a limited number of arguments.</summary>
    private static string Best(ReadOnlySpan<string> scores)
    {
        if (scores.Length == 1) return scores[0];
        var half = scores.Length / 2;
        return $"max({Best(scores[..half])}, {Best(scores[half..])})";
    }

    public override bool Matches(in Candidate candidate, FieldScanner scanner)
    {
        foreach (var query in queries)
        {
            if (query.Matches(candidate, scanner)) return true;
        }

        return false;
    }

    public override void ShowReasons(Action<FieldTest> show)
    {
        foreach (var query in queries) query.ShowReasons(show);
    }

    public override RowSet? Rows(RowLookup lookup) => UnionOf(queries, lookup, isExact: true);

    /// <summary>The rows of all of several queries, if indexes give those of each.</summary>
    public static RowSet? UnionOf(IReadOnlyList<QueryNode> queries, RowLookup lookup, bool isExact)
    {
        if (queries.Count is 0 or > RowLookup.MaxBranches) return null;
        var sets = new List<RowSet>(queries.Count);
        foreach (var query in queries)
        {
            if (query.Rows(lookup) is not { } set) return null;
            sets.Add(set);
        }

        return RowSet.Union(sets, isExact);
    }
}
