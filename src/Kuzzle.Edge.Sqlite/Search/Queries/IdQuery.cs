using System.Text;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Rows;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Documents of given identifiers, found by the index.</summary>
internal sealed class IdQuery(IReadOnlyList<string> ids, double boost) : QueryNode
{
    private HashSet<byte[]>? _ids;

    public override string Predicate(SearchSql sql) =>
        ids.Count == 0 ? "0" : $"(d.id IN (SELECT value FROM json_each({sql.Parameter(SearchSql.JsonArray(ids))})))";

    public override ScoreExpression Score(SearchSql sql) => ScoreExpression.Of(boost);

    public override bool Matches(in Candidate candidate, FieldScanner scanner)
    {
        _ids ??= ids.Select(Encoding.UTF8.GetBytes).ToHashSet(Utf8Comparer.Instance);
        return _ids.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(candidate.Id);
    }

    public override RowSet? Rows(RowLookup lookup) => ids.Count == 0 ? null : new RowSet(
        sql => $"SELECT seq FROM {lookup.Table.Table} WHERE id IN (SELECT value FROM json_each({sql.Parameter(SearchSql.JsonArray(ids))}))",
        IsExact: true,
        IsDistinct: true,
        Rank: 0);
}
