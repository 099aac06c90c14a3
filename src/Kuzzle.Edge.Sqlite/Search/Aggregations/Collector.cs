using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Sees the documents of one bucket, each once. For one thread.</summary>
internal abstract class Collector
{
    public abstract void Add(in Candidate candidate);

    /// <summary>The answer, as Elasticsearch writes it.</summary>
    public abstract JsonObject Finish();

    /// <summary>A number to order buckets by, or NaN when there is none; the part is what follows a dot in an order (<c>stats.avg</c>).</summary>
    public virtual double Measure(string part) =>
        throw SearchRefusedException.BadRequest("Invalid aggregation order path: buckets can be ordered by the numbers of an aggregation only");
}
