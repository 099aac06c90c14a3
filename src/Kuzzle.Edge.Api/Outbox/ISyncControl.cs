using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>What the operator may ask of the link to the upstream. All members may be called from any thread.</summary>
public interface ISyncControl
{
    /// <summary>How it stands and how far behind it is. A tree of its own for each call.</summary>
    ValueTask<JsonObject> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Whether it is well.</summary>
    SyncHealth Health { get; }

    /// <summary>Ends the connection, and makes none until <see cref="ResumeAsync"/>, also after a restart; changes are kept meanwhile. On the disk when it returns.</summary>
    Task PauseAsync(CancellationToken cancellationToken);

    /// <summary>Takes back <see cref="PauseAsync"/>.</summary>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Tries at once what waits for its time: the next attempt to connect or, while online, the next sign of life.</summary>
    void Flush();

    /// <summary>Puts what was refused for good, and what is deferred, where it is tried again at once. Answers how many.</summary>
    Task<long> RetryAsync(CancellationToken cancellationToken);

    /// <summary>Gives up what was refused for good: it stays here as it is, and goes up when it changes. Answers how many.</summary>
    Task<long> DropAsync(CancellationToken cancellationToken);

    /// <summary>What was refused for good, oldest first, at most <paramref name="max"/>.</summary>
    ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken);

    /// <summary>Compares a collection with the upstream anew, or sends it whole. Answers how many documents wait; null when it does not exist or no rule is for it.</summary>
    Task<long?> ResyncAsync(CollectionName collection, CancellationToken cancellationToken);
}
