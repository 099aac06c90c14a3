using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>A search, with its root already checked (known members, limits, targets that exist). The query language is Elasticsearch's.</summary>
public sealed record SearchRequest
{
    /// <summary>Where to search: at least one, each existing when the request was checked.</summary>
    public required IReadOnlyList<CollectionName> Targets { get; init; }

    /// <summary>
    /// The search body: <c>query</c>, <c>sort</c>, <c>_source</c>, <c>search_after</c>, <c>aggs</c> …. Undefined means everything. Its own <c>from</c> and
    /// <c>size</c> have no effect.
    /// </summary>
    public JsonElement Body { get; init; }

    /// <summary>How many matches to pass over. 0 or more.</summary>
    public int From { get; init; }

    /// <summary>How many hits to return at the most. 0 or more.</summary>
    public int Size { get; init; } = 10;
}
