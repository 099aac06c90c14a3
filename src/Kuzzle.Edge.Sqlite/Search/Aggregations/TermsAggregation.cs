using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>terms</c>: a bucket for each value of a field.</summary>
internal sealed class TermsAggregation(string name, FieldPerTarget field, TermsOptions options, QueryValue? missing, IReadOnlyList<Aggregation> within)
    : Aggregation(name)
{
    public FieldPerTarget Field { get; } = field;

    public TermsOptions Options => options;

    public bool HasMissing => missing is not null;

    public IReadOnlyList<Aggregation> Within => within;

    public override Collector Collect(AggregationRun run) => new TermsCollector(Field, options, missing, within, run);

    /// <summary>The answer, of all buckets.</summary>
    public static JsonObject Write(List<TermBucket> buckets, TermsOptions options, bool isDate)
    {
        buckets.RemoveAll(bucket => bucket.Bucket.Count < options.MinDocCount);
        buckets.Sort(new TermBucketComparer(options.Order));
        var shown = new JsonArray();
        long others = 0;
        for (var i = 0; i < buckets.Count; i++)
        {
            if (i < options.Size) shown.Add((JsonNode)WriteBucket(buckets[i], isDate));
            else others += buckets[i].Bucket.Count;
        }

        return new JsonObject { ["doc_count_error_upper_bound"] = 0, ["sum_other_doc_count"] = others, ["buckets"] = shown };
    }

    private static JsonObject WriteBucket(TermBucket found, bool isDate)
    {
        var bucket = new JsonObject();
        switch (found.Key.Type)
        {
            case FieldValueType.Text:
                bucket["key"] = System.Text.Encoding.UTF8.GetString(found.Key.Text);
                break;
            case FieldValueType.Boolean:
                bucket["key"] = found.Key.Number.Whole;
                bucket["key_as_string"] = found.Key.Number.Whole != 0 ? "true" : "false";
                break;
            default:
                bucket["key"] = found.Key.Number.IsWhole ? JsonValue.Create(found.Key.Number.Whole) : JsonValue.Create(found.Key.Number.Real);
                if (isDate) bucket["key_as_string"] = Dates.DateFormat.Iso.Format((long)found.Key.Number.Real);
                break;
        }

        found.Bucket.FinishInto(bucket);
        return bucket;
    }

    private sealed class TermsCollector : Collector
    {
        private readonly FieldPerTarget _field;
        private readonly TermsOptions _options;
        private readonly QueryValue? _missing;
        private readonly IReadOnlyList<Aggregation> _within;
        private readonly AggregationRun _run;
        private readonly Dictionary<byte[], Bucket> _texts = new(Utf8Comparer.Instance);
        private readonly Dictionary<byte[], Bucket>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
        private readonly Dictionary<Number, Bucket> _numbers = [];
        private readonly Dictionary<long, Bucket> _booleans = [];
        private readonly List<Bucket> _touched = [];
        private readonly ValueTest _sink;
        private long _document;

        public TermsCollector(FieldPerTarget field, TermsOptions options, QueryValue? missing, IReadOnlyList<Aggregation> within, AggregationRun run)
        {
            _field = field;
            _options = options;
            _missing = missing;
            _within = within;
            _run = run;
            _lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
            _sink = new ValueSink(Touch);
        }

        public override void Add(in Candidate candidate)
        {
            _document++;
            _touched.Clear();
            _field.Read(candidate, _run.Scanner, _sink);
            if (_touched.Count == 0 && _missing is not null) Touch(_missing.View);
            foreach (var bucket in _touched) bucket.Add(candidate);
        }

        public override JsonObject Finish()
        {
            var all = new List<TermBucket>(_texts.Count + _numbers.Count + _booleans.Count);
            all.AddRange(_texts.Select(static pair => new TermBucket(QueryValue.OfUtf8(pair.Key), pair.Value)));
            all.AddRange(_numbers.Select(static pair => new TermBucket(QueryValue.Of(pair.Key), pair.Value)));
            all.AddRange(_booleans.Select(static pair => new TermBucket(QueryValue.Of(pair.Key != 0), pair.Value)));
            return Write(all, _options, _field.IsDate);
        }

        private void Touch(FieldValue value)
        {
            if (_options.Include is { } include && !include.Takes(value)) return;
            if (_options.Exclude is { } exclude && exclude.Takes(value)) return;
            if (BucketOf(value) is not { } bucket || bucket.LastDocument == _document) return;
            bucket.LastDocument = _document;
            _touched.Add(bucket);
        }

        private Bucket? BucketOf(FieldValue value)
        {
            switch (value.Type)
            {
                case FieldValueType.Text:
                    if (!_lookup.TryGetValue(value.Text, out var text)) _lookup[value.Text] = text = new Bucket(_within, _run);
                    return text;
                case FieldValueType.Number:
                    if (!_numbers.TryGetValue(value.Number, out var number)) _numbers[value.Number] = number = new Bucket(_within, _run);
                    return number;
                case FieldValueType.Boolean:
                    if (!_booleans.TryGetValue(value.Number.Whole, out var boolean)) _booleans[value.Number.Whole] = boolean = new Bucket(_within, _run);
                    return boolean;
                default:
                    return null;
            }
        }
    }
}
