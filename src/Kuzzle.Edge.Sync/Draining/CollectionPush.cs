using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>A collection on its way up, with its rule.</summary>
internal sealed record CollectionPush(CollectionName Local, SyncRule Rule)
{
    /// <summary>What it is called there.</summary>
    public CollectionName Upstream { get; } = Rule.NameUpstream(Local);
}
