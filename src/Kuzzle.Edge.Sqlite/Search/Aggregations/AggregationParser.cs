using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Dates;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Queries;
using Kuzzle.Edge.Sqlite.Search.Sorting;
using Kuzzle.Edge.Sqlite.Search.Sources;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Reads <c>aggs</c> against the mappings of a search's collections.</summary>
/// <exception cref="SearchRefusedException">From every method, when one is wrong or asks for what this store cannot do.</exception>
internal sealed class AggregationParser(IReadOnlyList<FieldMap> maps, DateTimeOffset now)
{
    /// <summary>Deeper than people write; each level multiplies what is kept.</summary>
    private const int MaxDepth = 8;

    /// <summary>In one search; each looks into every document.</summary>
    private const int MaxAggregations = 128;

    private readonly ValueReader _values = new(new DateMath(now, TimeZoneInfo.Utc));
    private int _count;
    private int _depth;

    public List<Aggregation> Parse(JsonElement aggregations)
    {
        if (aggregations.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return [];
        if (aggregations.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[aggs] must be an object");
        if (++_depth > MaxDepth) throw SearchRefusedException.BadRequest($"[aggs] are nested more than {MaxDepth} levels deep");
        var parsed = new List<Aggregation>();
        foreach (var member in aggregations.EnumerateObject()) parsed.Add(ParseOne(member));
        _depth--;
        return parsed;
    }

    private Aggregation ParseOne(JsonProperty named)
    {
        if (++_count > MaxAggregations) throw SearchRefusedException.BadRequest($"[aggs] are more than {MaxAggregations}");
        if (named.Name.AsSpan().ContainsAny("[]>") || named.Name.Length == 0) throw SearchRefusedException.BadRequest($"Invalid aggregation name [{named.Name}]");
        if (named.Value.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest($"Aggregation definition for [{named.Name}] must be an object");
        JsonProperty? found = null;
        JsonElement within = default;
        JsonElement meta = default;
        foreach (var member in named.Value.EnumerateObject())
        {
            if (member.Name is "aggs" or "aggregations") within = member.Value;
            else if (member.Name == "meta") meta = MetaOf(named.Name, member.Value);
            else if (found is null) found = member;
            else throw SearchRefusedException.BadRequest($"Found two aggregation type definitions in [{named.Name}]: [{found.Value.Name}] and [{member.Name}]");
        }

        if (found is not { } type) throw SearchRefusedException.BadRequest($"Missing definition for aggregation [{named.Name}]");
        var inner = Parse(within);
        var reader = new AggregationOptions(named.Name, type.Name, type.Value);
        if (inner.Count > 0 && type.Name is "min" or "max" or "avg" or "sum" or "stats" or "value_count" or "cardinality" or "percentiles" or "top_hits")
        {
            throw SearchRefusedException.BadRequest($"Aggregator [{named.Name}] of type [{type.Name}] cannot accept sub-aggregations");
        }

        Aggregation parsed = type.Name switch
        {
            "min" => Metric(reader, Aggregations.Metric.Min),
            "max" => Metric(reader, Aggregations.Metric.Max),
            "avg" => Metric(reader, Aggregations.Metric.Avg),
            "sum" => Metric(reader, Aggregations.Metric.Sum),
            "stats" => Metric(reader, Aggregations.Metric.Stats),
            "value_count" => Count(reader, distinct: false),
            "cardinality" => Count(reader, distinct: true),
            "percentiles" => Percentiles(reader),
            "terms" => Terms(reader, inner),
            "histogram" => Histogram(reader, inner),
            "date_histogram" => DateHistogram(reader, inner),
            "range" => Range(reader, inner),
            "filter" => new FilterAggregation(named.Name, Queries(type.Value), inner),
            "filters" => Filters(reader, inner),
            "missing" => Missing(reader, inner),
            "top_hits" => TopHits(reader),
            _ => throw SearchRefusedException.BadRequest($"Unknown aggregation type [{type.Name}]"),
        };
        reader.CheckAllRead();
        parsed.Meta = meta;
        return parsed;
    }

    private static JsonElement MetaOf(string name, JsonElement meta) =>
        meta.ValueKind == JsonValueKind.Object ? meta : throw SearchRefusedException.BadRequest($"[meta] of the aggregation [{name}] must be an object");

    private FieldPerTarget Field(AggregationOptions options)
    {
        var name = options.Text("field") ?? throw SearchRefusedException.BadRequest($"[{options.Type}] Required one of fields [field], but none were specified.");
        return new FieldPerTarget(name, [.. maps.Select(map => map.Resolve(name))]);
    }

    private FieldPerTarget Numbers(AggregationOptions options)
    {
        var field = Field(options);
        return field.Kind is FieldKind.Keyword or FieldKind.Text or FieldKind.Id or FieldKind.Geo
            ? throw SearchRefusedException.BadRequest($"Field [{field.Name}] is not supported for aggregation [{options.Type}]: it is no number, date or boolean")
            : field;
    }

    private FieldPerTarget Values(AggregationOptions options)
    {
        var field = Field(options);
        return field.Kind switch
        {
            FieldKind.Text => throw SearchRefusedException.BadRequest(
                $"Text fields are not optimised for operations that require per-document field data like aggregations: [{field.Name}]; use a sub-field of type keyword"),
            FieldKind.Geo => throw SearchRefusedException.BadRequest($"Field [{field.Name}] of type [geo_point] is not supported for aggregation [{options.Type}]"),
            _ => field,
        };
    }

    private double? MissingNumber(AggregationOptions options, FieldPerTarget field) => options.Take("missing") is { } missing
        ? _values.Read(missing, maps[0].Resolve(field.Name) is { Kind: FieldKind.Any } any ? any with { Kind = FieldKind.Number } : maps[0].Resolve(field.Name)).Number.Real
        : null;

    private QueryValue? MissingValue(AggregationOptions options, FieldPerTarget field) =>
        options.Take("missing") is { } missing ? _values.Read(missing, maps[0].Resolve(field.Name)) : null;

    private MetricAggregation Metric(AggregationOptions options, Metric metric)
    {
        var field = Numbers(options);
        return new MetricAggregation(options.Name, metric, field, MissingNumber(options, field));
    }

    private CountAggregation Count(AggregationOptions options, bool distinct)
    {
        var field = distinct ? Values(options) : Field(options);
        if (field.Kind is FieldKind.Text or FieldKind.Geo) Values(options);
        options.Take("precision_threshold");
        return new CountAggregation(options.Name, field, distinct, MissingValue(options, field));
    }

    private PercentilesAggregation Percentiles(AggregationOptions options)
    {
        var percents = options.Numbers("percents") ?? [1, 5, 25, 50, 75, 95, 99];
        if (percents.Exists(static percent => percent is < 0 or > 100)) throw SearchRefusedException.BadRequest("[percentiles] percents must be between 0 and 100");
        options.Take("tdigest");
        options.Take("hdr");
        return new PercentilesAggregation(options.Name, Numbers(options), percents, options.Flag("keyed") ?? true);
    }

    private TermsAggregation Terms(AggregationOptions options, List<Aggregation> within)
    {
        var field = Values(options);
        options.Take("shard_size");
        options.Take("execution_hint");
        options.Take("collect_mode");
        options.Take("show_term_doc_count_error");
        var terms = new TermsOptions
        {
            Size = (int)(options.Whole("size", 1, int.MaxValue) ?? 10),
            MinDocCount = options.Whole("min_doc_count", 0, long.MaxValue) ?? 1,
            Include = options.Take("include") is { } include ? TermFilter.Of(include, "include") : null,
            Exclude = options.Take("exclude") is { } exclude ? TermFilter.Of(exclude, "exclude") : null,
        };
        if (options.Take("order") is { } order) terms = terms with { Order = Order(order) };
        CheckPaths(terms.Order, within);
        return new TermsAggregation(options.Name, field, terms, MissingValue(options, field), within);
    }

    private HistogramAggregation Histogram(AggregationOptions options, List<Aggregation> within)
    {
        var field = Numbers(options);
        var width = options.Number("interval") ?? throw SearchRefusedException.BadRequest("[histogram] requires [interval]");
        if (width <= 0) throw SearchRefusedException.BadRequest("[interval] must be >0 for histogram aggregation");
        var interval = new NumberInterval(width, options.Number("offset") ?? 0);
        return new HistogramAggregation(options.Name, field, interval, HistogramOptions(options, within, format: null, static end => end), MissingNumber(options, field), within);
    }

    private HistogramAggregation DateHistogram(AggregationOptions options, List<Aggregation> within)
    {
        var field = Numbers(options);
        var zone = options.Take("time_zone") is { } given ? ValueReader.Zone(given) : TimeZoneInfo.Utc;
        var interval = DateIntervals.Read(options, zone);
        var format = options.Text("format") is { } pattern ? DateFormat.Of(pattern) : DateFormat.Iso;
        var dates = maps[0].Resolve(field.Name) with { Kind = FieldKind.Date };
        var missing = options.Take("missing") is { } value ? _values.ReadDate(value, dates, toLast: false).Number.Real : (double?)null;
        if (field.Kind != FieldKind.Date) field = new FieldPerTarget(field.Name, [.. maps.Select(map => map.Resolve(field.Name) with { Kind = FieldKind.Date })]);
        var histogram = HistogramOptions(options, within, format, static end => end, value => _values.ReadDate(value, dates, toLast: false).Number.Real);
        return new HistogramAggregation(options.Name, field, interval, histogram, missing, within);
    }

    private static HistogramOptions HistogramOptions(
        AggregationOptions options, List<Aggregation> within, DateFormat? format, Func<double, double> same, Func<JsonElement, double>? read = null)
    {
        var bounds = options.Take("extended_bounds");
        var order = options.Take("order") is { } given ? Order(given) : [new BucketOrder("_key", Descending: false)];
        CheckPaths(order, within);
        return new HistogramOptions
        {
            MinDocCount = options.Whole("min_doc_count", 0, long.MaxValue) ?? 0,
            IsKeyed = options.Flag("keyed") ?? false,
            Format = format,
            Order = order,
            From = End(bounds, "min"),
            To = End(bounds, "max"),
        };

        double? End(JsonElement? of, string name) => of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var end)
            ? read is null ? same(ValueReader.Real(end, name)) : read(end)
            : null;
    }

    private RangeAggregation Range(AggregationOptions options, List<Aggregation> within)
    {
        var field = Numbers(options);
        if (options.Take("ranges") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            throw SearchRefusedException.BadRequest("No [ranges] specified for the [range] aggregation");
        }

        var ranges = new List<BucketRange>();
        foreach (var range in list.EnumerateArray())
        {
            if (range.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[range] each of [ranges] must be an object");
            var inner = new AggregationOptions(options.Name, "range", range);
            ranges.Add(new BucketRange(inner.Text("key"), End(inner.Take("from"), field), End(inner.Take("to"), field)));
            inner.CheckAllRead();
        }

        return new RangeAggregation(options.Name, field, ranges, options.Flag("keyed") ?? false, MissingNumber(options, field), within);
    }

    private double? End(JsonElement? end, FieldPerTarget field) =>
        end is { } value ? _values.Read(value, maps[0].Resolve(field.Name) is { Kind: FieldKind.Date } date ? date : new Field(field.Name, [], FieldKind.Number)).Number.Real : null;

    private FiltersAggregation Filters(AggregationOptions options, List<Aggregation> within)
    {
        var filters = options.Take("filters") ?? throw SearchRefusedException.BadRequest("[filters] requires [filters]");
        var otherKey = options.Text("other_bucket_key");
        if (options.Flag("other_bucket") == true) otherKey ??= "_other_";
        return filters.ValueKind switch
        {
            JsonValueKind.Object => new FiltersAggregation(
                options.Name,
                [.. filters.EnumerateObject().Select(static member => member.Name)],
                [.. filters.EnumerateObject().Select(member => Queries(member.Value))],
                otherKey,
                within),
            JsonValueKind.Array => new FiltersAggregation(options.Name, keys: null, [.. filters.EnumerateArray().Select(Queries)], otherKey, within),
            _ => throw SearchRefusedException.BadRequest("[filters] must be an object or a list of queries"),
        };
    }

    private FilterAggregation Missing(AggregationOptions options, List<Aggregation> within)
    {
        var field = Field(options);
        var queries = maps.Select((_, target) =>
            (QueryNode)new BoolQuery { MustNot = [new FieldQuery(new FieldTest(field[target], new AnyValue()), boost: 1)] });
        return new FilterAggregation(options.Name, [.. queries], within);
    }

    private TopHitsAggregation TopHits(AggregationOptions options)
    {
        const int most = 100;
        var size = (int)(options.Whole("size", 0, int.MaxValue) ?? 3);
        var from = (int)(options.Whole("from", 0, int.MaxValue) ?? 0);
        if ((long)from + size > most) throw SearchRefusedException.BadRequest($"Top hits result window is too large, the top hits aggregator [{options.Name}]'s from + size must be at most {most}");
        var entries = options.Take("sort") is { } sort ? SortParser.Parse(sort) : [];
        var source = options.Take("_source") is { } shown ? SourceFilter.OfSource(shown) : null;
        return new TopHitsAggregation(options.Name, from, size, entries.ConvertAll(entry => new DocumentOrder(entry, maps, _values)), source);
    }

    private List<QueryNode> Queries(JsonElement query) => [.. maps.Select(map => new QueryParser(map, now).ParseRoot(query))];

    private static List<BucketOrder> Order(JsonElement order)
    {
        var orders = new List<BucketOrder>();
        foreach (var item in order.ValueKind == JsonValueKind.Array ? [.. order.EnumerateArray()] : new[] { order })
        {
            if (item.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[order] must be an object, or a list of objects");
            foreach (var member in item.EnumerateObject())
            {
                var direction = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : "";
                if (direction is not ("asc" or "desc")) throw SearchRefusedException.BadRequest($"Unknown order direction [{member.Value.GetRawText()}]");
                orders.Add(new BucketOrder(member.Name, direction is "desc"));
            }
        }

        return orders.Count > 0 ? orders : throw SearchRefusedException.BadRequest("Must specify at least one field for [order]");
    }

    /// <summary>A wrong path is told before the first document is looked at, and where there are no buckets, too.</summary>
    private static void CheckPaths(IReadOnlyList<BucketOrder> orders, List<Aggregation> within)
    {
        foreach (var order in orders)
        {
            if (order.IsCount || order.IsKey) continue;
            var name = order.Path.Split('.')[0];
            if (!within.Exists(aggregation => aggregation.Name == order.Path || aggregation.Name == name))
            {
                throw SearchRefusedException.BadRequest($"Invalid aggregation order path [{order.Path}]: there is no aggregation [{name}] within");
            }
        }
    }
}
