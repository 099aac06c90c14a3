using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>histogram</c> and <c>date_histogram</c>.</summary>
internal sealed class HistogramAggregation(
    string name, FieldPerTarget field, Interval interval, HistogramOptions options, double? missing, IReadOnlyList<Aggregation> within) : Aggregation(name)
{
    /// <summary>As in Elasticsearch: a gap of a century in seconds would fill the memory with empty buckets.</summary>
    private const int MaxBuckets = 65_535;

    public FieldPerTarget Field { get; } = field;

    public Interval Interval => interval;

    public bool HasMissing => missing is not null;

    public IReadOnlyList<Aggregation> Within => within;

    public override Collector Collect(AggregationRun run) => new HistogramCollector(this, missing, run);

    /// <summary>The answer, of the buckets that have documents.</summary>
    public JsonObject Write(Dictionary<double, Bucket> found, AggregationRun run)
    {
        if (options.MinDocCount == 0) FillGaps(found, run);
        var buckets = found.Where(pair => pair.Value.Count >= options.MinDocCount)
            .Select(static pair => new TermBucket(QueryValue.Of(new Number(pair.Key)), pair.Value))
            .ToList();
        buckets.Sort(new TermBucketComparer(options.Order));
        var named = new JsonObject();
        var list = new JsonArray();
        foreach (var (key, bucket) in buckets)
        {
            var start = key.Number.Real;
            var answer = new JsonObject();
            var text = options.Format is { } format ? format.Format((long)start, (interval as DateInterval)?.Zone ?? TimeZoneInfo.Utc) : null;
            if (text is not null) answer["key_as_string"] = text;
            answer["key"] = options.Format is null ? JsonValue.Create(start) : JsonValue.Create((long)start);
            bucket.FinishInto(answer);
            if (options.IsKeyed) named[text ?? BucketKey.Text(start)] = answer;
            else list.Add((JsonNode)answer);
        }

        return new JsonObject { ["buckets"] = options.IsKeyed ? named : list };
    }

    private void FillGaps(Dictionary<double, Bucket> found, AggregationRun run)
    {
        if (found.Count == 0 && (options.From is null || options.To is null)) return;
        var first = Math.Min(found.Count > 0 ? found.Keys.Min() : double.MaxValue, options.From is { } from ? interval.KeyOf(from) : double.MaxValue);
        var last = Math.Max(found.Count > 0 ? found.Keys.Max() : double.MinValue, options.To is { } to ? interval.KeyOf(to) : double.MinValue);
        var filled = 0;
        for (var key = first; key < last || (key == last && found.Count == 0); key = interval.After(key))
        {
            if (++filled > MaxBuckets || interval.After(key) <= key)
            {
                throw SearchRefusedException.BadRequest($"too_many_buckets: [{Name}] would have more than {MaxBuckets} buckets; use a larger interval or min_doc_count 1");
            }

            if (!found.ContainsKey(key)) found[key] = new Bucket(within, run);
        }

        if (options.To is not null && !found.ContainsKey(last)) found[last] = new Bucket(within, run);
    }

    private sealed class HistogramCollector : Collector
    {
        private readonly HistogramAggregation _aggregation;
        private readonly double? _missing;
        private readonly AggregationRun _run;
        private readonly Dictionary<double, Bucket> _buckets = [];
        private readonly List<Bucket> _touched = [];
        private readonly ValueTest _sink;
        private long _document;

        public HistogramCollector(HistogramAggregation aggregation, double? missing, AggregationRun run)
        {
            _aggregation = aggregation;
            _missing = missing;
            _run = run;
            _sink = new NumberSink(Touch);
        }

        public override void Add(in Candidate candidate)
        {
            _document++;
            _touched.Clear();
            _aggregation.Field.Read(candidate, _run.Scanner, _sink);
            if (_touched.Count == 0 && _missing is { } given) Touch(given);
            foreach (var bucket in _touched) bucket.Add(candidate);
        }

        public override JsonObject Finish() => _aggregation.Write(_buckets, _run);

        private void Touch(double value)
        {
            var key = _aggregation.Interval.KeyOf(value);
            if (!_buckets.TryGetValue(key, out var bucket)) _buckets[key] = bucket = new Bucket(_aggregation.Within, _run);
            if (bucket.LastDocument == _document) return;
            bucket.LastDocument = _document;
            _touched.Add(bucket);
        }
    }
}
