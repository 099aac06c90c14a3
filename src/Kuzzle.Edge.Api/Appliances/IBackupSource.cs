using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Appliances;

/// <summary>Makes backups of this gateway while it serves. May be called from any thread.</summary>
public interface IBackupSource
{
    /// <summary>Holds the present moment, and answers it as a file. Null when another backup is under way.</summary>
    /// <exception cref="DocumentStoreException">There is no room for it, or the disk fails.</exception>
    Task<ResultContent?> TakeAsync(CancellationToken cancellationToken);
}
