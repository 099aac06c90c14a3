using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>filter</c> and <c>missing</c>: the documents that a query matches, too.</summary>
/// <param name="name">Its name.</param>
/// <param name="queries">The query, read for each collection.</param>
/// <param name="within">What is computed of them.</param>
internal sealed class FilterAggregation(string name, IReadOnlyList<QueryNode> queries, IReadOnlyList<Aggregation> within) : Aggregation(name)
{
    public override Collector Collect(AggregationRun run) => new FilterCollector(queries, new Bucket(within, run), run);

    private sealed class FilterCollector(IReadOnlyList<QueryNode> queries, Bucket bucket, AggregationRun run) : Collector
    {
        public override void Add(in Candidate candidate)
        {
            if (queries[candidate.Target].Matches(candidate, run.Scanner)) bucket.Add(candidate);
        }

        public override JsonObject Finish()
        {
            var answer = new JsonObject();
            bucket.FinishInto(answer);
            return answer;
        }

        public override double Measure(string part) => part.Length == 0 || part == "_count" ? bucket.Count : bucket.Measure(part);
    }
}
