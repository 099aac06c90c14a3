using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Rows;

/// <summary>Finds what the complete indexes of a collection say about the leaves of a query, and remembers which of them were used.</summary>
internal sealed class RowLookup(CollectionTable table)
{
    /// <summary>More branches make statements that SQLite refuses (500 compounds), and would not be quicker than a look at each document.</summary>
    public const int MaxBranches = 64;

    /// <summary>Values of a list that become parameters; a longer list is rarely quicker by the index.</summary>
    private const int MaxValues = 1000;

    private readonly HashSet<FieldIndex> _used = [];

    public CollectionTable Table => table;

    /// <summary>Those whose state the answer relies on.</summary>
    public IReadOnlyCollection<FieldIndex> Used => _used;

    public FieldIndex? Find(Field field)
    {
        foreach (var index in table.Indexes)
        {
            if (!index.IsReady || index.Field.Name != field.Name || index.Field.Kind != field.Kind) continue;
            _used.Add(index);
            return index;
        }

        return null;
    }

    /// <summary>The rows of one leaf, or null when only the documents can tell.</summary>
    public RowSet? Of(FieldTest test)
    {
        if (test.Searched.Kind is FieldKind.Any or FieldKind.Id or FieldKind.Geo or FieldKind.Hidden || Find(test.Searched) is not { } index) return null;
        if (index.IsText) return OfWords(index, test.Test);
        return test.Test switch
        {
            EqualTo equal => RowSet.Of(index, (sql, v) => $"{v} = {sql.Parameter(equal.Wanted)}", isDistinct: true, rank: 0),
            OneOf { Wanted.Count: <= MaxValues } list => RowSet.Of(
                index, (sql, v) => $"{v} IN ({string.Join(", ", list.Wanted.Select(sql.Parameter))})", !index.IsMulti, rank: 1),
            InRange { Lower: { } lower, Upper: { } upper } => RowSet.Of(
                index,
                (sql, v) => $"{v} {(lower.Inclusive ? ">=" : ">")} {sql.Parameter(lower.Value)} AND {v} {(upper.Inclusive ? "<=" : "<")} {sql.Parameter(upper.Value)}",
                !index.IsMulti,
                rank: 3),
            InRange { Lower: { } lower } => RowSet.Of(index, (sql, v) => $"{v} {(lower.Inclusive ? ">=" : ">")} {sql.Parameter(lower.Value)}", !index.IsMulti, rank: 4),
            InRange { Upper: { } upper } => RowSet.Of(index, (sql, v) => $"{v} {(upper.Inclusive ? "<=" : "<")} {sql.Parameter(upper.Value)}", !index.IsMulti, rank: 4),
            TextPattern { Beginning: { } beginning } when beginning.TextBytes.Length > 0 => RowSet.Of(
                index, (sql, v) => $"{v} >= {sql.Parameter(beginning)} AND {v} < {sql.Parameter(QueryValue.Behind(beginning))}", !index.IsMulti, rank: 2),
            _ => null,
        };
    }

    private static RowSet? OfWords(FieldIndex index, ValueTest test)
    {
        var (query, rank) = test switch
        {
            EqualTo equal when equal.Wanted.TextBytes.Length > 0 => (IndexWords.Phrase([equal.Wanted.TextBytes], isPrefix: false), 1),
            OneOf { Wanted.Count: > 0 and <= MaxBranches } list when list.Wanted.All(static word => word.TextBytes.Length > 0) =>
                (string.Join(" OR ", list.Wanted.Select(static word => IndexWords.Phrase([word.TextBytes], isPrefix: false))), 2),
            Phrase { Slop: 0 } phrase => (IndexWords.Phrase(phrase.Words, phrase.End == PhraseEnd.Prefix), 1),
            TextPattern { Beginning: { } beginning } when beginning.TextBytes.Length > 0 => (IndexWords.Phrase([beginning.TextBytes], isPrefix: true), 2),
            _ => (null, 0),
        };
        return query is null
            ? null
            : new RowSet(sql => $"SELECT rowid AS seq FROM {index.Table} WHERE {index.Table} MATCH {sql.Parameter((object)query)}", IsExact: true, IsDistinct: true, rank);
    }
}
