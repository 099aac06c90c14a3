using System.Text.Json;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>Where what the upstream holds is taken over.</summary>
public interface IReplica
{
    /// <summary>
    /// Applies them in order, in one transaction, and tells those who listen here; the upstream is not told. Null when the collection does not exist (any more). An outcome of
    /// <see cref="DocumentChangeKind.NotFound"/> says that there was no collection for conflicts, and nothing was done.
    /// </summary>
    Task<IReadOnlyList<WriteOutcome>?> TakeAsync(CollectionName collection, IReadOnlyList<UpstreamWrite> writes, CancellationToken cancellationToken);

    /// <summary>Tells those who listen here of a message that was published upstream and is not stored; the upstream is not told. Does not wait.</summary>
    /// <param name="collection">Where; it need not exist.</param>
    /// <param name="id">Its identifier, or null.</param>
    /// <param name="message">The message.</param>
    void Tell(CollectionName collection, string? id, JsonElement message);
}
