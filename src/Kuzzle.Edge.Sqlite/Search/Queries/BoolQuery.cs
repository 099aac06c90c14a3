using System.Globalization;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Rows;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>bool</c>, and what is built of it.</summary>
internal sealed class BoolQuery : QueryNode
{
    public IReadOnlyList<QueryNode> Must { get; init; } = [];

    public IReadOnlyList<QueryNode> Filter { get; init; } = [];

    public IReadOnlyList<QueryNode> MustNot { get; init; } = [];

    public IReadOnlyList<QueryNode> Should { get; init; } = [];

    /// <summary>How many of <see cref="Should"/> must match.</summary>
    public int MinimumShouldMatch { get; init; }

    public double Boost { get; init; } = 1;

    public override string Predicate(SearchSql sql)
    {
        var all = Must.Concat(Filter).Select(node => node.Predicate(sql))
            .Concat(MustNot.Select(node => $"(NOT {node.Predicate(sql)})"))
            .ToList();
        if (MinimumShouldMatch > 0) all.Add(AtLeast(sql));
        return all.Count == 0 ? "1" : SearchSql.Balanced(all, "AND");
    }

    public override ScoreExpression Score(SearchSql sql)
    {
        // Where every one of them must match, which is the case for a lone one too, none makes a difference.
        var certain = MinimumShouldMatch == Should.Count;
        var parts = Must.Select(node => node.Score(sql)).Concat(Should.Select(node => certain ? node.Score(sql) : IfMatching(sql, node)));
        var sum = ScoreExpression.Sum(parts);
        if (Boost == 1) return sum;
        return new ScoreExpression(sum.Constant * Boost, sum.Sql is null ? null : $"({sum.Sql} * {sql.Parameter(Boost)})");
    }

    private static ScoreExpression IfMatching(SearchSql sql, QueryNode node)
    {
        var score = node.Score(sql);
        if (score.Constant == 0 && score.Sql is null) return score;
        var value = score.Sql is null ? sql.Parameter(score.Constant) : $"({score.Sql} + {sql.Parameter(score.Constant)})";
        return new ScoreExpression(0, $"iif({node.Predicate(sql)}, {value}, 0.0)");
    }

    private string AtLeast(SearchSql sql)
    {
        if (MinimumShouldMatch > Should.Count) return "0";
        var each = Should.Select(node => node.Predicate(sql)).ToList();
        if (MinimumShouldMatch == 1) return SearchSql.Balanced(each, "OR");
        if (MinimumShouldMatch == each.Count) return SearchSql.Balanced(each, "AND");
        return string.Create(CultureInfo.InvariantCulture, $"({SearchSql.Balanced(each, "+")} >= {MinimumShouldMatch})");
    }

    public override bool Matches(in Candidate candidate, FieldScanner scanner)
    {
        foreach (var node in Filter)
        {
            if (!node.Matches(candidate, scanner)) return false;
        }

        foreach (var node in Must)
        {
            if (!node.Matches(candidate, scanner)) return false;
        }

        foreach (var node in MustNot)
        {
            if (node.Matches(candidate, scanner)) return false;
        }

        var missing = MinimumShouldMatch;
        for (var i = 0; i < Should.Count && missing > 0; i++)
        {
            if (Should[i].Matches(candidate, scanner)) missing--;
        }

        return missing <= 0;
    }

    public override void ShowReasons(Action<FieldTest> show)
    {
        foreach (var node in Must) node.ShowReasons(show);
        foreach (var node in Filter) node.ShowReasons(show);
        foreach (var node in Should) node.ShowReasons(show);
    }

    public override RowSet? Rows(RowLookup lookup)
    {
        // The fewest rows lead; the other conditions are asked of their documents.
        RowSet? best = null;
        var conditions = 0;
        foreach (var node in Must.Concat(Filter))
        {
            if (node.IsEverything) continue;
            conditions++;
            if (node.Rows(lookup) is { } set && (best is null || set.Rank < best.Rank)) best = set;
        }

        if (MinimumShouldMatch > 0)
        {
            conditions++;
            if (MinimumShouldMatch <= Should.Count && BestOf.UnionOf(Should, lookup, isExact: MinimumShouldMatch == 1) is { } set && (best is null || set.Rank < best.Rank)) best = set;
        }

        if (best is null) return null;
        return conditions == 1 && MustNot.Count == 0 ? best : best with { IsExact = false };
    }

    public override bool IsEverything =>
        MustNot.Count == 0 && MinimumShouldMatch == 0 && Must.All(static node => node.IsEverything) && Filter.All(static node => node.IsEverything);
}
