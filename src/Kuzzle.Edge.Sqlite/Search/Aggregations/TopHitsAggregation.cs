using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Search.Sorting;
using Kuzzle.Edge.Sqlite.Search.Sources;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary><c>top_hits</c>: the first documents of a bucket.</summary>
internal sealed class TopHitsAggregation(string name, int from, int size, IReadOnlyList<DocumentOrder> orders, SourceFilter? source) : Aggregation(name)
{
    public override Collector Collect(AggregationRun run) => new TopHitsCollector(from, size, orders, source, run);

    private sealed class TopHitsCollector(int from, int size, IReadOnlyList<DocumentOrder> orders, SourceFilter? source, AggregationRun run) : Collector
    {
        private readonly List<(QueryValue?[] Keys, int Target, long Row)> _top = [];
        private long _total;

        public override void Add(in Candidate candidate)
        {
            _total++;
            if (orders.Count == 0)
            {
                // Without an order the first ones are those that came first.
                if (_top.Count < from + size) Insert(_top.Count, [], candidate);
                return;
            }

            var keys = new QueryValue?[orders.Count];
            for (var i = 0; i < keys.Length; i++) keys[i] = orders[i].KeyOf(candidate, run.Scanner);
            var place = _top.Count;
            while (place > 0 && Compare(keys, _top[place - 1].Keys) < 0) place--;
            if (place >= from + size) return;
            if (_top.Count >= from + size) _top.RemoveAt(_top.Count - 1);
            Insert(place, keys, candidate);
        }

        public override JsonObject Finish()
        {
            var hits = new JsonArray();
            foreach (var (keys, target, row) in _top.Skip(from)) hits.Add((JsonNode)Hit(keys, run.Hits.Read(target, row)));
            return new JsonObject
            {
                ["hits"] = new JsonObject
                {
                    ["total"] = new JsonObject { ["value"] = _total, ["relation"] = "eq" },
                    ["max_score"] = orders.Count == 0 && _total > 0 ? 1.0 : null,
                    ["hits"] = hits,
                },
            };
        }

        private JsonObject Hit(QueryValue?[] keys, StoredDocument document)
        {
            var hit = new JsonObject
            {
                ["_id"] = document.Id,
                ["_score"] = orders.Count == 0 ? 1.0 : null,
                ["_source"] = source is null ? JsonNode.Parse(document.Json.Span) : source.Apply(document.Source),
            };
            if (orders.Count > 0) hit["sort"] = new JsonArray([.. keys.Select(static key => Node(key))]);
            return hit;
        }

        private void Insert(int place, QueryValue?[] keys, in Candidate candidate)
        {
            if (_top.Count < from + size) run.Keep();
            _top.Insert(place, (keys, candidate.Target, candidate.Row));
        }

        private int Compare(QueryValue?[] keys, QueryValue?[] others)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                var compared = orders[i].Compare(keys[i], others[i]);
                if (compared != 0) return compared;
            }

            return 0;
        }

        private static JsonValue? Node(QueryValue? key) => key is null ? null : key.Type switch
        {
            FieldValueType.Text => JsonValue.Create(Encoding.UTF8.GetString(key.Text)),
            _ => key.Number.IsWhole ? JsonValue.Create(key.Number.Whole) : JsonValue.Create(key.Number.Real),
        };
    }
}
