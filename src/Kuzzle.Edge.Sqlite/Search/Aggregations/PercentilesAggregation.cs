using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>percentiles</c>: exact, with a straight line between neighbours.</summary>
internal sealed class PercentilesAggregation(string name, FieldPerTarget field, IReadOnlyList<double> percents, bool isKeyed) : Aggregation(name)
{
    public override Collector Collect(AggregationRun run) => new PercentilesCollector(field, percents, isKeyed, run);

    private sealed class PercentilesCollector : Collector
    {
        private readonly FieldPerTarget _field;
        private readonly IReadOnlyList<double> _percents;
        private readonly bool _isKeyed;
        private readonly AggregationRun _run;
        private readonly List<double> _values = [];
        private readonly ValueTest _sink;
        private bool _isSorted;

        public PercentilesCollector(FieldPerTarget field, IReadOnlyList<double> percents, bool isKeyed, AggregationRun run)
        {
            _field = field;
            _percents = percents;
            _isKeyed = isKeyed;
            _run = run;
            _sink = new NumberSink(Keep);
        }

        public override void Add(in Candidate candidate) => _field.Read(candidate, _run.Scanner, _sink);

        public override JsonObject Finish()
        {
            if (!_isKeyed)
            {
                var list = new JsonArray();
                foreach (var percent in _percents) list.Add((JsonNode)new JsonObject { ["key"] = percent, ["value"] = ValueAt(percent) });
                return new JsonObject { ["values"] = list };
            }

            var values = new JsonObject();
            foreach (var percent in _percents) values[BucketKey.Text(percent)] = ValueAt(percent);
            return new JsonObject { ["values"] = values };
        }

        public override double Measure(string part) =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? At(percent) : base.Measure(part);

        private void Keep(double value)
        {
            _run.Keep();
            _values.Add(value);
            _isSorted = false;
        }

        private JsonValue? ValueAt(double percent) => double.IsNaN(At(percent)) ? null : JsonValue.Create(At(percent));

        private double At(double percent)
        {
            if (_values.Count == 0) return double.NaN;
            if (!_isSorted) _values.Sort();
            _isSorted = true;
            var place = percent / 100 * (_values.Count - 1);
            var below = (int)Math.Floor(place);
            var above = Math.Min(below + 1, _values.Count - 1);
            return _values[below] + ((place - below) * (_values[above] - _values[below]));
        }
    }
}
