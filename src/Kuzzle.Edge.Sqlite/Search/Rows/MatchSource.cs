using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.Rows;

/// <summary>Where the matches of a query in one collection come from: its indexes, its documents, or both.</summary>
internal sealed class MatchSource(CollectionTable table, QueryNode query, RowLookup lookup)
{
    public CollectionTable Table => table;

    public QueryNode Query => query;

    public RowLookup Lookup => lookup;

    /// <summary>What indexes give, or null.</summary>
    public RowSet? Rows { get; } = query.IsEverything ? null : query.Rows(lookup);

    /// <summary>Whether every document of the collection is looked into.</summary>
    public bool IsScan => Rows is null && !query.IsEverything;

    /// <summary>What follows FROM, with the collection as <c>d</c>.</summary>
    public string Documents(SearchSql sql) => Rows switch
    {
        // Without a condition SQLite counts pages' cells instead of visiting rows.
        null when query.IsEverything => $"{table.Table} AS d",
        null => $"{table.Table} AS d WHERE {query.Predicate(sql)}",
        { IsExact: true } => $"{table.Table} AS d WHERE d.seq IN ({Rows.Select(sql)})",
        _ => $"{table.Table} AS d WHERE d.seq IN ({Rows.Select(sql)}) AND {query.Predicate(sql)}",
    };

    /// <summary>The same where nothing but <c>d.seq</c> is needed.</summary>
    public string Sequence(SearchSql sql) => Rows switch
    {
        { IsExact: true, IsDistinct: true } => $"({Rows.Select(sql)}) AS d",
        { IsExact: true } => $"(SELECT DISTINCT seq FROM ({Rows.Select(sql)})) AS d",
        _ => Documents(sql),
    };
}
