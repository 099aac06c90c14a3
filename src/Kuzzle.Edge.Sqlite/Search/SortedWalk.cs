using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Rows;
using Kuzzle.Edge.Sqlite.Search.Sorting;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>A sorted page along the index of its first key.</summary>
/// <param name="Page">Answers target, row and score of each hit that has a value.</param>
/// <param name="IsComplete">Whether all matches have one, so that a page that is not full is nevertheless the page.</param>
/// <param name="Probe">Tells how many rows another index gives, up to <see cref="FewRows"/>; where they are few, sorting them is quicker. Null when there is no such.</param>
internal sealed record SortedWalk(SearchStatement Page, bool IsComplete, SearchStatement? Probe)
{
    /// <summary>Up to so many documents are read and sorted in some milliseconds.</summary>
    public const int FewRows = 2000;

    /// <summary>Null when there is no way along an index.</summary>
    public static SortedWalk? Of(List<MatchSource> sources, List<SortEntry> sort, DateTimeOffset now, JsonElement after, int from, int size)
    {
        if (sources is not [var source] || sort is not [{ IsScore: false, IsInsertion: false, Origin: null, MissingFirst: false } first, ..]) return null;
        if (first.Mode is not (SortMode.Smallest or SortMode.Largest) || first.Missing.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)) return null;
        if (source.Lookup.Find(first.Resolve(source.Table.Fields)) is not { IsText: false, IsMulti: false } index) return null;
        if (new PageBuilder(sources, sort, now).BuildWalk(index, after, from, size) is not { } page) return null;

        var isByIndex = source.Rows?.Index is { } asked && asked.Number == index.Number;
        return new SortedWalk(page, isByIndex, source.Rows is null || isByIndex ? null : ProbeOf(source.Rows));
    }

    private static SearchStatement ProbeOf(RowSet rows)
    {
        var sql = new SearchSql();
        return new SearchStatement($"SELECT count(*) FROM (SELECT 1 FROM ({rows.Select(sql)}) LIMIT {sql.Parameter((long)FewRows)})", sql);
    }
}
