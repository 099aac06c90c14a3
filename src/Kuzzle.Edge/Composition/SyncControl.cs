using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Composition;

/// <summary>All that goes upstream, as its operator sees it: the link to a Kuzzle, where there is one, and the bridges to other brokers.</summary>
/// <param name="link">The link, or null.</param>
/// <param name="bridges">The bridges.</param>
internal sealed class SyncControl(ISyncControl? link, BridgeSet bridges) : ISyncControl
{
    /// <inheritdoc/>
    public async ValueTask<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        var description = link is null ? [] : await link.DescribeAsync(cancellationToken);
        description["bridges"] = bridges.Describe();
        return description;
    }

    /// <inheritdoc/>
    public void Pause()
    {
        link?.Pause();
        bridges.Pause();
    }

    /// <inheritdoc/>
    public void Resume()
    {
        link?.Resume();
        bridges.Resume();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        link?.Flush();
        bridges.Flush();
    }

    /// <inheritdoc/>
    public Task<long> RetryAsync(CancellationToken cancellationToken) => link?.RetryAsync(cancellationToken) ?? Task.FromResult(0L);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken) => link?.ParkedAsync(max, cancellationToken) ?? new([]);

    /// <inheritdoc/>
    public Task<long?> ResyncAsync(CollectionName collection, CancellationToken cancellationToken) => link?.ResyncAsync(collection, cancellationToken) ?? Task.FromResult<long?>(null);
}
