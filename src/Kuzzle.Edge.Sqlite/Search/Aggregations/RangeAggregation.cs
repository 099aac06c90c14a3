using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Dates;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>range</c>: a bucket for each of several ranges of numbers, which may overlap.</summary>
internal sealed class RangeAggregation(
    string name, FieldPerTarget field, IReadOnlyList<BucketRange> ranges, bool isKeyed, double? missing, IReadOnlyList<Aggregation> within) : Aggregation(name)
{
    public override Collector Collect(AggregationRun run) => new RangeCollector(field, ranges, isKeyed, missing, within, run);

    private sealed class RangeCollector : Collector
    {
        private readonly FieldPerTarget _field;
        private readonly IReadOnlyList<BucketRange> _ranges;
        private readonly bool _isKeyed;
        private readonly double? _missing;
        private readonly AggregationRun _run;
        private readonly Bucket[] _buckets;
        private readonly bool[] _hits;
        private readonly ValueTest _sink;
        private bool _hasValue;

        public RangeCollector(
            FieldPerTarget field, IReadOnlyList<BucketRange> ranges, bool isKeyed, double? missing, IReadOnlyList<Aggregation> within, AggregationRun run)
        {
            _field = field;
            _ranges = ranges;
            _isKeyed = isKeyed;
            _missing = missing;
            _run = run;
            _buckets = [.. ranges.Select(_ => new Bucket(within, run))];
            _hits = new bool[ranges.Count];
            _sink = new NumberSink(See);
        }

        public override void Add(in Candidate candidate)
        {
            _hits.AsSpan().Clear();
            _hasValue = false;
            _field.Read(candidate, _run.Scanner, _sink);
            if (!_hasValue && _missing is { } given) See(given);
            for (var i = 0; i < _hits.Length; i++)
            {
                if (_hits[i]) _buckets[i].Add(candidate);
            }
        }

        public override JsonObject Finish()
        {
            var named = new JsonObject();
            var list = new JsonArray();
            foreach (var at in Enumerable.Range(0, _ranges.Count).OrderBy(at => _ranges[at].From ?? double.MinValue).ThenBy(at => _ranges[at].To ?? double.MaxValue))
            {
                var (range, bucket) = (_ranges[at], new JsonObject());
                var key = range.Key ?? $"{Text(range.From)}-{Text(range.To)}";
                if (!_isKeyed) bucket["key"] = key;
                Write(bucket, "from", range.From);
                Write(bucket, "to", range.To);
                _buckets[at].FinishInto(bucket);
                if (_isKeyed) named[key] = bucket;
                else list.Add((JsonNode)bucket);
            }

            return new JsonObject { ["buckets"] = _isKeyed ? named : list };
        }

        private void See(double value)
        {
            _hasValue = true;
            for (var i = 0; i < _hits.Length; i++) _hits[i] |= _ranges[i].Contains(value);
        }

        private string Text(double? end) => end is not { } value ? "*" : _field.IsDate ? DateFormat.Iso.Format((long)value) : BucketKey.Text(value);

        private void Write(JsonObject bucket, string name, double? end)
        {
            if (end is not { } value) return;
            bucket[name] = value;
            if (_field.IsDate) bucket[$"{name}_as_string"] = DateFormat.Iso.Format((long)value);
        }
    }
}
