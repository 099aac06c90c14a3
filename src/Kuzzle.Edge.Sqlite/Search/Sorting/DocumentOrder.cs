using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Queries;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Sorting;

/// <summary>A sort key evaluated here, for documents that no statement sorts. For one thread at a time.</summary>
internal sealed class DocumentOrder(SortEntry entry, IReadOnlyList<FieldMap> maps, ValueReader values)
{
    private readonly SortField[] _fields = entry.IsScore || entry.IsInsertion
        ? []
        : [.. maps.Select(map => new SortField(entry.Resolve(map), entry.Mode, entry.Origin))];

    private readonly QueryValue? _missing = entry.IsScore || entry.IsInsertion || entry.Missing.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
        ? null
        : values.Read(entry.Missing, entry.Resolve(maps[0]));

    public QueryValue? KeyOf(in Candidate candidate, FieldScanner scanner)
    {
        if (entry.IsScore) return QueryValue.Of(new Number(1));
        if (entry.IsInsertion) return QueryValue.Of(new Number(candidate.Row));
        var field = _fields[candidate.Target];
        if (field.Searched.Kind == FieldKind.Id) return QueryValue.OfUtf8(candidate.Id.ToArray());
        var value = field.ValueOf(scanner, candidate.Source);
        if (!value.HasValue) return _missing;
        return value.Type switch
        {
            FieldValueType.Text => QueryValue.OfUtf8(value.Text.ToArray()),
            FieldValueType.Boolean => QueryValue.Of(value.Number.Whole != 0),
            _ => QueryValue.Of(value.Number),
        };
    }

    public int Compare(QueryValue? key, QueryValue? other)
    {
        if (key is null || other is null)
        {
            var order = (key is null ? 1 : 0).CompareTo(other is null ? 1 : 0);
            return entry.MissingFirst ? -order : order;
        }

        var compared = key.View.OrderAgainst(other.View);
        return entry.Order == SortOrder.Ascending ? compared : -compared;
    }
}
