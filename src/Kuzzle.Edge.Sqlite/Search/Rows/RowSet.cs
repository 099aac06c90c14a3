using Kuzzle.Edge.Sqlite.Indexes;

namespace Kuzzle.Edge.Sqlite.Search.Rows;

/// <summary>Rows that an index gives for a query.</summary>
/// <param name="Select">Writes a SELECT of one column, <c>seq</c>.</param>
/// <param name="IsExact">Whether they are all of the matches and nothing else; if not, the matches are among them.</param>
/// <param name="IsDistinct">Whether no row comes twice.</param>
/// <param name="Rank">How few rows it gives, by the form of the question: the lower the fewer.</param>
internal sealed record RowSet(Func<SearchSql, string> Select, bool IsExact, bool IsDistinct, int Rank)
{
    /// <summary>The index, when the rows are those of one condition on its values.</summary>
    public FieldIndex? Index { get; init; }

    /// <summary>That condition, on the column of this alias.</summary>
    public Func<SearchSql, string, string>? Condition { get; init; }

    /// <summary>Rows by a condition on an index's values.</summary>
    public static RowSet Of(FieldIndex index, Func<SearchSql, string, string> condition, bool isDistinct, int rank) => new(
        sql => $"SELECT x.seq FROM {index.Table} AS x WHERE {condition(sql, "x.v")}", IsExact: true, isDistinct, rank)
    {
        Index = index,
        Condition = condition,
    };

    /// <summary>The rows of several.</summary>
    public static RowSet Union(IReadOnlyList<RowSet> sets, bool isExact) => sets is [var only]
        ? only with { IsExact = only.IsExact && isExact }
        : new RowSet(
            sql => string.Join(" UNION ", sets.Select(set => set.Select(sql))),
            isExact && sets.All(static set => set.IsExact),
            IsDistinct: true,
            sets.Max(static set => set.Rank) + 1);
}
