using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Dates;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Count, sum and extremes of numbers.</summary>
internal sealed class Statistics
{
    private double _error;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    public static Statistics Of(long count, double sum, double min, double max)
    {
        var statistics = new Statistics { Count = count, Sum = sum };
        if (count > 0) (statistics.Min, statistics.Max) = (min, max);
        return statistics;
    }

    public void Add(double value)
    {
        Count++;
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);

        // Kahan's summation, as Elasticsearch does: the sum of a million tenths is not off by a thousandth.
        var corrected = value - _error;
        var sum = Sum + corrected;
        _error = sum - Sum - corrected;
        Sum = sum;
    }

    public double Measure(Metric metric) => metric switch
    {
        Metric.Sum => Sum,
        _ when Count == 0 => double.NaN,
        Metric.Min => Min,
        Metric.Max => Max,
        _ => Sum / Count,
    };

    public JsonObject Finish(Metric metric, bool isDate)
    {
        if (metric != Metric.Stats)
        {
            var answer = new JsonObject();
            Write(answer, "value", Measure(metric), isDate && Count > 0);
            return answer;
        }

        var stats = new JsonObject { ["count"] = Count };
        Write(stats, "min", Measure(Metric.Min), asDate: false);
        Write(stats, "max", Measure(Metric.Max), asDate: false);
        Write(stats, "avg", Measure(Metric.Avg), asDate: false);
        Write(stats, "sum", Sum, asDate: false);
        if (!isDate || Count == 0) return stats;

        foreach (var (name, value) in new[] { ("min", Min), ("max", Max), ("avg", Sum / Count), ("sum", Sum) }) stats[$"{name}_as_string"] = DateFormat.Iso.Format((long)value);
        return stats;
    }

    private static void Write(JsonObject answer, string name, double value, bool asDate)
    {
        answer[name] = double.IsFinite(value) ? JsonValue.Create(value) : null;
        if (asDate) answer[$"{name}_as_string"] = DateFormat.Iso.Format((long)value);
    }
}
