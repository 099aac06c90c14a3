using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>The hits of a search, or why there can be none.</summary>
/// <param name="Refusal">Null when the search was done; else the error to answer with.</param>
/// <param name="Hits">The page asked for.</param>
/// <param name="Total">How many documents match in all; exact.</param>
/// <param name="Aggregations">Elasticsearch's <c>aggregations</c> object, or null when none was asked for.</param>
public sealed record SearchOutcome(ApiError? Refusal, IReadOnlyList<SearchHit> Hits, long Total, JsonObject? Aggregations)
{
    /// <summary>An outcome that says no.</summary>
    public static SearchOutcome Refused(ApiError refusal) => new(refusal, [], 0, null);
}
