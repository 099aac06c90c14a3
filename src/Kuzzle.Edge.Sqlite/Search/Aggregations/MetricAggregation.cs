using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>min</c>, <c>max</c>, <c>avg</c>, <c>sum</c> and <c>stats</c>.</summary>
internal sealed class MetricAggregation(string name, Metric metric, FieldPerTarget field, double? missing) : Aggregation(name)
{
    public Metric Metric => metric;

    public FieldPerTarget Field { get; } = field;

    public bool HasMissing => missing is not null;

    public override Collector Collect(AggregationRun run) => new MetricCollector(this, missing, run);

    private sealed class MetricCollector : Collector
    {
        private readonly MetricAggregation _aggregation;
        private readonly double? _missing;
        private readonly AggregationRun _run;
        private readonly Statistics _statistics = new();
        private readonly ValueTest _sink;

        public MetricCollector(MetricAggregation aggregation, double? missing, AggregationRun run)
        {
            _aggregation = aggregation;
            _missing = missing;
            _run = run;
            _sink = new NumberSink(_statistics.Add);
        }

        public override void Add(in Candidate candidate)
        {
            var before = _statistics.Count;
            _aggregation.Field.Read(candidate, _run.Scanner, _sink);
            if (_missing is { } given && _statistics.Count == before) _statistics.Add(given);
        }

        public override JsonObject Finish() => _statistics.Finish(_aggregation.Metric, _aggregation.Field.IsDate);

        public override double Measure(string part) => (part.Length == 0 ? "value" : part) switch
        {
            "value" when _aggregation.Metric != Metric.Stats => _statistics.Measure(_aggregation.Metric),
            "count" => _statistics.Count,
            "min" => _statistics.Measure(Metric.Min),
            "max" => _statistics.Measure(Metric.Max),
            "avg" => _statistics.Measure(Metric.Avg),
            "sum" => _statistics.Sum,
            _ => throw SearchRefusedException.BadRequest($"Invalid aggregation order path [{_aggregation.Name}.{part}]"),
        };
    }
}
