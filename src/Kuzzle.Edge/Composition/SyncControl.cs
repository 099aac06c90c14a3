using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Composition;

/// <summary>All that goes upstream, as its operator sees it: the link to a Kuzzle, where there is one, and the bridges to other brokers.</summary>
/// <param name="bridges">The bridges.</param>
/// <param name="memory">Keeps a pause where there is no link that does.</param>
/// <param name="clock">Tells when it was paused.</param>
internal sealed class SyncControl(BridgeSet bridges, LinkMemory memory, TimeProvider clock) : ISyncControl
{
    private ISyncControl? _link;

    /// <summary>The link, or null. A reload may put another in its place.</summary>
    public ISyncControl? Link
    {
        get => Volatile.Read(ref _link);
        set => Volatile.Write(ref _link, value);
    }

    /// <inheritdoc/>
    public SyncHealth Health => Link?.Health ?? new SyncHealth(SyncHealthLevel.Good, Reason: null);

    /// <inheritdoc/>
    public async ValueTask<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        var description = Link is { } link ? await link.DescribeAsync(cancellationToken) : [];
        description["bridges"] = bridges.Describe();
        return description;
    }

    /// <inheritdoc/>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        await (Link?.PauseAsync(cancellationToken) ?? memory.KeepPauseAsync(clock.GetUtcNow(), cancellationToken));
        bridges.Pause();
    }

    /// <inheritdoc/>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await (Link?.ResumeAsync(cancellationToken) ?? memory.KeepPauseAsync(pausedAt: null, cancellationToken));
        bridges.Resume();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Link?.Flush();
        bridges.Flush();
    }

    /// <inheritdoc/>
    public Task<long> RetryAsync(CancellationToken cancellationToken) => Link?.RetryAsync(cancellationToken) ?? Task.FromResult(0L);

    /// <inheritdoc/>
    public Task<long> DropAsync(CancellationToken cancellationToken) => Link?.DropAsync(cancellationToken) ?? Task.FromResult(0L);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken) => Link?.ParkedAsync(max, cancellationToken) ?? new([]);

    /// <inheritdoc/>
    public Task<long?> ResyncAsync(CollectionName collection, CancellationToken cancellationToken) => Link?.ResyncAsync(collection, cancellationToken) ?? Task.FromResult<long?>(null);
}
