using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>A comparison of a collection that is under way, page by page in the order of identifiers.</summary>
internal sealed class CollectionScan(CollectionName local, SyncRule rule)
{
    public CollectionName Local => local;

    public SyncRule Rule => rule;

    /// <summary>The search to be continued; null at the beginning.</summary>
    public string? ScrollId { get; set; }

    /// <summary>The last identifier of the page before.</summary>
    public string After { get; set; } = "";
}
