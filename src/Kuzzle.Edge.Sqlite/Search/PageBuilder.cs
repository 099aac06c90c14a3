using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search.Dates;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Queries;
using Kuzzle.Edge.Sqlite.Search.Rows;
using Kuzzle.Edge.Sqlite.Search.Sorting;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Builds the statement that finds the rows of a page, in order: by the sort keys, or by score; ties in the order of insertion.</summary>
internal sealed class PageBuilder(List<MatchSource> sources, List<SortEntry> sort, DateTimeOffset now)
{
    private readonly SearchSql _sql = new();
    private readonly ValueReader _values = new(new DateMath(now, TimeZoneInfo.Utc));

    /// <summary>The field of which each value has one hit, or null.</summary>
    public string? Collapse { get; init; }

    /// <summary>The statement; <paramref name="after"/> is <c>search_after</c>, or undefined.</summary>
    public SearchStatement Build(JsonElement after, int from, int size)
    {
        if (sources.Count == 0) return new SearchStatement("SELECT 0, 0, 0.0 WHERE 0", _sql);

        // Parameters are numbered as they come, so the parts may be built in any order.
        var scores = sources.ConvertAll(source => source.Query.Score(_sql));
        var scoresDiffer = scores.Exists(score => score.Sql is not null || score.Constant != scores[0].Constant);
        var needsDocuments = sort.Count > 0 || Collapse is not null || scores.Exists(static score => score.Sql is not null);
        var matches = new StringBuilder();
        for (var i = 0; i < sources.Count; i++)
        {
            if (i > 0) matches.Append(" UNION ALL ");
            matches.Append(CultureInfo.InvariantCulture, $"SELECT {i} AS t, d.seq AS seq, {ScoreText(scores[i])} AS score");
            for (var key = 0; key < sort.Count; key++) matches.Append(CultureInfo.InvariantCulture, $", {KeyText(sort[key], sources[i].Table, scores[i])} AS k{key}");
            if (Collapse is not null) matches.Append(CultureInfo.InvariantCulture, $", {CollapseText(sources[i].Table)} AS c");
            matches.Append(CultureInfo.InvariantCulture, $" FROM {(needsDocuments ? sources[i].Documents(_sql) : sources[i].Sequence(_sql))}");
        }

        var order = string.Join(", ", Order(scoresDiffer));
        var text = new StringBuilder(Collapse is null
            ? $"SELECT t, seq, score FROM ({matches})"
            : $"SELECT t, seq, score FROM (SELECT *, row_number() OVER (PARTITION BY c ORDER BY {order}) AS place FROM ({matches})) WHERE place = 1");
        if (after.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            // As in Elasticsearch: sorted by anything else, the next page could not tell which groups were shown.
            if (Collapse is not null && (sort is not [{ IsScore: false, IsInsertion: false, Origin: null } key] || key.Field != Collapse))
            {
                throw SearchRefusedException.BadRequest("cannot use `collapse` in conjunction with `search_after` unless the search is sorted on the same field alone");
            }

            text.Append(Collapse is null ? " WHERE " : " AND ").Append(After(after));
        }

        text.Append(CultureInfo.InvariantCulture, $" ORDER BY {order} LIMIT {_sql.Parameter((long)size)} OFFSET {_sql.Parameter((long)from)}");
        return new SearchStatement(text.ToString(), _sql);
    }

    /// <summary>
    /// The same page along the index of the first key, which need not look at what comes after it. Documents without a value are not on that way. Null when
    /// there is none: several collections, no complete index with one value a document, or a key that the index does not have.
    /// </summary>
    public SearchStatement? BuildWalk(FieldIndex index, JsonElement after, int from, int size)
    {
        var (source, hasAfter) = (sources[0], after.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null));
        if (hasAfter && after.ValueKind == JsonValueKind.Array && after.GetArrayLength() > 0 && after[0].ValueKind == JsonValueKind.Null) return null;
        var score = source.Query.Score(_sql);
        var isByIndex = source.Rows?.Index is { } asked && asked.Number == index.Number;
        var conditions = new List<string>();
        if (isByIndex) conditions.Add(source.Rows!.Condition!(_sql, "x.v"));
        var needsDocument = score.Sql is not null || sort.Count > 1;
        if (!source.Query.IsEverything && !(isByIndex && source.Rows!.IsExact))
        {
            conditions.Add(source.Query.Predicate(_sql));
            needsDocument = true;
        }

        var isAscending = sort[0].Order == SortOrder.Ascending;
        var text = new StringBuilder($"SELECT 0, seq, score FROM (SELECT x.seq AS seq, {ScoreText(score)} AS score, x.v AS k0");
        for (var key = 1; key < sort.Count; key++) text.Append(CultureInfo.InvariantCulture, $", {KeyText(sort[key], source.Table, score)} AS k{key}");
        text.Append(CultureInfo.InvariantCulture, $" FROM {index.Table} AS x");
        if (needsDocument) text.Append(CultureInfo.InvariantCulture, $" CROSS JOIN {source.Table.Table} AS d ON d.seq = x.seq");
        if (hasAfter)
        {
            // Where to begin; the exact place among equals is the outer condition's.
            conditions.Add($"x.v {(isAscending ? ">=" : "<=")} {AfterValue(after[0], sort[0])}");
        }

        if (conditions.Count > 0) text.Append(" WHERE ").AppendJoin(" AND ", conditions);
        text.Append(')');
        if (hasAfter) text.Append(" WHERE ").Append(After(after));
        var order = string.Join(", ", Order(scoresDiffer: false).Skip(1).Prepend($"k0 {(isAscending ? "ASC" : "DESC")}"));
        text.Append(CultureInfo.InvariantCulture, $" ORDER BY {order} LIMIT {_sql.Parameter((long)size)} OFFSET {_sql.Parameter((long)from)}");
        return new SearchStatement(text.ToString(), _sql);
    }

    private string CollapseText(CollectionTable table)
    {
        var field = table.Fields.Resolve(Collapse!);
        if (field.Kind is FieldKind.Text or FieldKind.Geo)
        {
            throw SearchRefusedException.BadRequest($"unknown type for collapse field `{Collapse}`, only keywords and numbers are accepted");
        }

        return field.Kind == FieldKind.Id ? "d.id" : _sql.Call(new SortField(field, SortMode.Smallest));
    }

    private IEnumerable<string> Order(bool scoresDiffer)
    {
        for (var key = 0; key < sort.Count; key++)
        {
            var direction = sort[key].Order == SortOrder.Ascending ? "ASC" : "DESC";
            var nulls = sort[key].MissingFirst ? "FIRST" : "LAST";
            yield return string.Create(CultureInfo.InvariantCulture, $"k{key} {direction} NULLS {nulls}");
        }

        if (sort.Count == 0 && scoresDiffer) yield return "score DESC";
        if (sources.Count > 1) yield return "t";
        yield return "seq";
    }

    private string ScoreText(ScoreExpression score) =>
        score.Sql is null ? _sql.Parameter(score.Constant) : $"({score.Sql} + {_sql.Parameter(score.Constant)})";

    private string KeyText(SortEntry key, CollectionTable table, ScoreExpression score)
    {
        if (key.IsScore) return ScoreText(score);
        if (key.IsInsertion) return "d.seq";
        var field = key.Resolve(table.Fields);
        if (field.Kind == FieldKind.Id) return "d.id";
        var value = _sql.Call(new SortField(field, key.Mode, key.Origin));
        return key.Missing.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? value : $"ifnull({value}, {Value(key.Missing, field)})";
    }

    private string Value(JsonElement value, Field field)
    {
        var read = _values.Read(value, field);
        return read.Type switch
        {
            FieldValueType.Text => _sql.Parameter(value.ValueKind == JsonValueKind.String ? value.GetString()! : ValueReader.Text(value, field)),
            FieldValueType.Boolean => _sql.Parameter(new[] { (byte)read.Number.Whole }),
            _ => read.Number.IsWhole ? _sql.Parameter(read.Number.Whole) : _sql.Parameter(read.Number.Real),
        };
    }

    /// <summary>That a row lies behind the given values: behind the first, or level with it and behind the second, and so on.</summary>
    private string After(JsonElement after)
    {
        if (sort.Count == 0) throw SearchRefusedException.BadRequest("Sort must contain at least one field when using search_after.");
        if (after.ValueKind != JsonValueKind.Array || after.GetArrayLength() != sort.Count)
        {
            throw SearchRefusedException.BadRequest($"search_after must be a list of as many values as sort has keys, {sort.Count}");
        }

        var condition = "0";
        for (var key = sort.Count - 1; key >= 0; key--)
        {
            var value = AfterValue(after[key], sort[key]);
            condition = string.Create(CultureInfo.InvariantCulture, $"({Behind(key, value)} OR (k{key} IS {value ?? "NULL"} AND {condition}))");
        }

        return condition;
    }

    private string? AfterValue(JsonElement value, SortEntry key)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            throw SearchRefusedException.BadRequest($"search_after for [{key.Field}] must be a string, a number or a boolean");
        }

        if (key.IsScore) return _sql.Parameter(ValueReader.Real(value, "search_after"));
        if (key.IsInsertion) return _sql.Parameter((long)ValueReader.Real(value, "search_after"));
        if (key.Origin is not null) return _sql.Parameter(ValueReader.Real(value, "search_after"));
        var field = sources[0].Table.Fields.Resolve(key.Field);
        return Value(value, field);
    }

    private string Behind(int key, string? value)
    {
        // Where missing values come last, whatever the direction, every one of them lies behind every value.
        if (value is null) return sort[key].MissingFirst ? string.Create(CultureInfo.InvariantCulture, $"k{key} IS NOT NULL") : "0";
        var comparison = sort[key].Order == SortOrder.Ascending ? '>' : '<';
        var behind = string.Create(CultureInfo.InvariantCulture, $"ifnull(k{key} {comparison} {value}, {(sort[key].MissingFirst ? 0 : 1)})");
        return behind;
    }
}
