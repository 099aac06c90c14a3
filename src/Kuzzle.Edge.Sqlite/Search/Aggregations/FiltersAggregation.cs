using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>filters</c>: a bucket for each of several queries, and perhaps one for what none of them matches.</summary>
/// <param name="name">Its name.</param>
/// <param name="keys">The buckets' names, or nothing when they are a list.</param>
/// <param name="queries">The query of each bucket, read for each collection.</param>
/// <param name="otherKey">The name of the bucket for the rest, or null for none.</param>
/// <param name="within">What is computed of each.</param>
internal sealed class FiltersAggregation(
    string name, IReadOnlyList<string>? keys, IReadOnlyList<IReadOnlyList<QueryNode>> queries, string? otherKey, IReadOnlyList<Aggregation> within)
    : Aggregation(name)
{
    public override Collector Collect(AggregationRun run) => new FiltersCollector(keys, queries, otherKey, within, run);

    private sealed class FiltersCollector(
        IReadOnlyList<string>? keys, IReadOnlyList<IReadOnlyList<QueryNode>> queries, string? otherKey, IReadOnlyList<Aggregation> within, AggregationRun run)
        : Collector
    {
        private readonly Bucket[] _buckets = [.. Enumerable.Range(0, queries.Count + (otherKey is null ? 0 : 1)).Select(_ => new Bucket(within, run))];

        public override void Add(in Candidate candidate)
        {
            var isOther = true;
            for (var i = 0; i < queries.Count; i++)
            {
                if (!queries[i][candidate.Target].Matches(candidate, run.Scanner)) continue;
                _buckets[i].Add(candidate);
                isOther = false;
            }

            if (isOther && otherKey is not null) _buckets[^1].Add(candidate);
        }

        public override JsonObject Finish()
        {
            var named = new JsonObject();
            var list = new JsonArray();
            for (var i = 0; i < _buckets.Length; i++)
            {
                var bucket = new JsonObject();
                _buckets[i].FinishInto(bucket);
                if (keys is null) list.Add((JsonNode)bucket);
                else named[i < keys.Count ? keys[i] : otherKey!] = bucket;
            }

            return new JsonObject { ["buckets"] = keys is null ? list : named };
        }
    }
}
