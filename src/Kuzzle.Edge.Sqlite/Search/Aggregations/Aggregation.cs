using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>One aggregation of a search, read and checked. Immutable once it is read.</summary>
internal abstract class Aggregation(string name)
{
    public string Name => name;

    /// <summary>What the client wants to find beside the answer: an object, or undefined.</summary>
    public JsonElement Meta { get; set; }

    /// <summary>Something that sees documents and answers in the end. Several at a time where the aggregation lies within buckets.</summary>
    public abstract Collector Collect(AggregationRun run);

    /// <summary>The answer with the client's <see cref="Meta"/>, which comes first.</summary>
    public JsonObject WithMeta(JsonObject answer)
    {
        if (Meta.ValueKind == JsonValueKind.Object) answer.Insert(0, "meta", JsonObject.Create(Meta));
        return answer;
    }
}
