using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>The collectors of the aggregations within one bucket, and how many documents it has.</summary>
internal sealed class Bucket
{
    private readonly IReadOnlyList<Aggregation> _within;
    private readonly Collector[] _collectors;

    public Bucket(IReadOnlyList<Aggregation> within, AggregationRun run)
    {
        run.Keep();
        _within = within;
        _collectors = within.Count == 0 ? [] : [.. within.Select(aggregation => aggregation.Collect(run))];
    }

    public long Count { get; set; }

    /// <summary>The document that was added last, so that one with several values in the bucket counts once.</summary>
    public long LastDocument { get; set; } = -1;

    public void Add(in Candidate candidate)
    {
        Count++;
        foreach (var collector in _collectors) collector.Add(candidate);
    }

    /// <summary>Writes the count and what lies within.</summary>
    public void FinishInto(JsonObject bucket)
    {
        bucket["doc_count"] = Count;
        for (var i = 0; i < _collectors.Length; i++) bucket[_within[i].Name] = _within[i].WithMeta(_collectors[i].Finish());
    }

    /// <summary>A number to order by: of an aggregation, or of a part of one (<c>name</c> or <c>name.part</c>).</summary>
    public double Measure(string path)
    {
        for (var i = 0; i < _collectors.Length; i++)
        {
            if (path == _within[i].Name) return _collectors[i].Measure("");
            if (path.StartsWith(_within[i].Name, StringComparison.Ordinal) && path[_within[i].Name.Length] == '.')
            {
                return _collectors[i].Measure(path[(_within[i].Name.Length + 1)..]);
            }
        }

        throw SearchRefusedException.BadRequest($"Invalid aggregation order path [{path}]: there is no aggregation of that name");
    }
}
