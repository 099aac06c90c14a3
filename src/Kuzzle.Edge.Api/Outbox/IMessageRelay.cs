using System.Text.Json;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>Takes messages that are published here and not stored to the upstream. May be called from any thread.</summary>
public interface IMessageRelay
{
    /// <summary>
    /// Completes when the message may be called published: at once if nobody is promised that it arrives, else when it is on the disk. Its bytes are the caller's again then.
    /// </summary>
    /// <param name="collection">Where it is published.</param>
    /// <param name="id">The identifier that its publisher gave it, or null.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DocumentStoreException">The disk fails.</exception>
    ValueTask RelayAsync(CollectionName collection, string? id, JsonElement message, CancellationToken cancellationToken);
}
