using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Search.Aggregations;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Rows;

/// <summary>
/// Answers aggregations by an index alone, without a look into documents: of one collection, where the query is everything or a condition on the same field.
/// </summary>
internal sealed class IndexedAggregations(SqliteConnection connection, MatchSource source, AggregationRun run)
{
    /// <summary>The answer, or null when the documents must be looked into.</summary>
    public JsonObject? TryAnswer(Aggregation aggregation) => aggregation switch
    {
        TermsAggregation { Within.Count: 0, HasMissing: false } terms when IndexOf(terms.Field, allowsMulti: true) is { } index => Terms(terms, index),
        MetricAggregation { HasMissing: false, Field.Kind: FieldKind.Number or FieldKind.Date } metric when IndexOf(metric.Field) is { } index => Metric(metric, index),
        CountAggregation { HasMissing: false } count when IndexOf(count.Field, allowsMulti: count.IsDistinct) is { } index => Count(count, index),
        HistogramAggregation { Within.Count: 0, HasMissing: false, Field.Kind: FieldKind.Number or FieldKind.Date } histogram when IndexOf(histogram.Field) is { } index =>
            Histogram(histogram, index),
        _ => null,
    };

    private FieldIndex? IndexOf(FieldPerTarget field, bool allowsMulti = false)
    {
        if (source.Lookup.Find(field[0]) is not { IsText: false } index) return null;
        if (index.IsMulti && !(allowsMulti && source.Query.IsEverything)) return null;
        return source.Query.IsEverything || (source.Rows is { IsExact: true, Index: { } asked } && asked.Number == index.Number) ? index : null;
    }

    private string Condition(SearchSql sql) => source.Rows?.Condition is { } condition ? condition(sql, "x.v") : "1";

    private JsonObject Terms(TermsAggregation terms, FieldIndex index)
    {
        // In the usual order only the buckets that are shown need to be read.
        var options = terms.Options;
        var isUsual = options is { Include: null, Exclude: null, MinDocCount: <= 1, Order: [{ IsCount: true, Descending: true }, { IsKey: true, Descending: false }] };
        var sql = new SearchSql();
        var groups = $"SELECT x.v AS v, count(*) AS n FROM {index.Table} AS x WHERE {Condition(sql)} GROUP BY x.v";
        if (isUsual) groups = $"SELECT v, n, sum(n) OVER () AS total FROM ({groups}) ORDER BY n DESC, v LIMIT {sql.Parameter((long)options.Size)}";
        var buckets = new List<TermBucket>();
        var (total, shown) = (0L, 0L);
        using (var statement = connection.Prepare(groups))
        {
            sql.Bind(statement);
            while (statement.Step())
            {
                var key = KeyOf(statement, index.Field.Kind);
                if (options.Include is { } include && !include.Takes(key.View)) continue;
                if (options.Exclude is { } exclude && exclude.Takes(key.View)) continue;
                buckets.Add(new TermBucket(key, new Bucket([], run) { Count = statement.Int64(1) }));
                shown += statement.Int64(1);
                if (isUsual) total = statement.Int64(2);
            }
        }

        var answer = TermsAggregation.Write(buckets, options, index.Field.Kind == FieldKind.Date);
        if (isUsual) answer["sum_other_doc_count"] = total - shown;
        return answer;
    }

    private JsonObject Metric(MetricAggregation metric, FieldIndex index)
    {
        var sql = new SearchSql();
        using var statement = connection.Prepare($"SELECT count(*), total(x.v), min(x.v), max(x.v) FROM {index.Table} AS x WHERE {Condition(sql)}");
        sql.Bind(statement);
        statement.Step();
        var statistics = Statistics.Of(statement.Int64(0), statement.Real(1), statement.Real(2), statement.Real(3));
        return statistics.Finish(metric.Metric, metric.Field.IsDate);
    }

    private JsonObject Count(CountAggregation count, FieldIndex index)
    {
        var sql = new SearchSql();
        var values = $"SELECT {(count.IsDistinct ? "DISTINCT " : "")}x.v FROM {index.Table} AS x WHERE {Condition(sql)}";
        using var statement = connection.Prepare($"SELECT count(*) FROM ({values})");
        sql.Bind(statement);
        statement.Step();
        return new JsonObject { ["value"] = statement.Int64(0) };
    }

    /// <summary>Bucket after bucket, each a stretch of the index: nothing is sorted, and gaps are stepped over.</summary>
    private JsonObject Histogram(HistogramAggregation histogram, FieldIndex index)
    {
        var buckets = new Dictionary<double, Bucket>();
        var next = First(index, from: null);
        while (next is { } value)
        {
            var key = histogram.Interval.KeyOf(value);
            var end = histogram.Interval.After(key);
            buckets.Add(key, new Bucket([], run) { Count = CountBetween(index, key, end) });
            next = First(index, end);
        }

        return histogram.Write(buckets, run);
    }

    private double? First(FieldIndex index, double? from)
    {
        var sql = new SearchSql();
        var condition = Condition(sql);
        if (from is { } start) condition += $" AND x.v >= {sql.Parameter((object)start)}";
        using var statement = connection.Prepare($"SELECT min(x.v) FROM {index.Table} AS x WHERE {condition}");
        sql.Bind(statement);
        return statement.Step() && !statement.IsNull(0) ? statement.Real(0) : null;
    }

    private long CountBetween(FieldIndex index, double from, double to)
    {
        var sql = new SearchSql();
        var condition = $"{Condition(sql)} AND x.v >= {sql.Parameter((object)from)} AND x.v < {sql.Parameter((object)to)}";
        using var statement = connection.Prepare($"SELECT count(*) FROM {index.Table} AS x WHERE {condition}");
        sql.Bind(statement);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    private static QueryValue KeyOf(SqliteStatement statement, FieldKind kind) => kind switch
    {
        FieldKind.Keyword => QueryValue.OfUtf8(statement.Utf8(0).ToArray()),
        FieldKind.Boolean => QueryValue.Of(statement.Blob(0)[0] != 0),
        _ => QueryValue.Of(statement.IsInteger(0) ? new Number(statement.Int64(0)) : new Number(statement.Real(0))),
    };
}
