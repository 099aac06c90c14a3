using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>One hit of a search.</summary>
/// <param name="Collection">Where it was found.</param>
/// <param name="Document">The document.</param>
/// <param name="Source">What to show of its source, or null for the whole of it (<c>_source</c> filtering may show less).</param>
/// <param name="Score">Its score; null when the hits were sorted.</param>
public sealed record SearchHit(CollectionName Collection, StoredDocument Document, JsonObject? Source, double? Score)
{
    /// <summary>The marked texts by field, when <c>highlight</c> was asked for and there are some; else null.</summary>
    public JsonObject? Highlight { get; init; }
}
