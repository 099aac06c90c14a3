using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>value_count</c>, and <c>cardinality</c>: how many values there are, and how many different ones. Exact, both.</summary>
internal sealed class CountAggregation(string name, FieldPerTarget field, bool distinct, QueryValue? missing) : Aggregation(name)
{
    public FieldPerTarget Field { get; } = field;

    public bool IsDistinct => distinct;

    public bool HasMissing => missing is not null;

    public override Collector Collect(AggregationRun run) => new CountCollector(Field, distinct, missing, run);

    private sealed class CountCollector(FieldPerTarget field, bool distinct, QueryValue? missing, AggregationRun run) : Collector
    {
        private readonly ValueCounter _counter = new(distinct, run);

        public override void Add(in Candidate candidate)
        {
            var before = _counter.Seen;
            field.Read(candidate, run.Scanner, _counter);
            if (missing is not null && _counter.Seen == before) _counter.Passes(missing.View);
        }

        public override JsonObject Finish() => new() { ["value"] = _counter.Count };

        public override double Measure(string part) => _counter.Count;
    }
}
