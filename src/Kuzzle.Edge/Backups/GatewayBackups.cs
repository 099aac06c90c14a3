using System.IO.Pipelines;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Backups;

/// <summary>Backups of the gateway in this process, one at a time.</summary>
internal sealed class GatewayBackups(Func<BackupScope> scope, TimeProvider clock) : IBackupSource
{
    private int _isUnderWay;

    /// <inheritdoc/>
    public async Task<ResultContent?> TakeAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isUnderWay, 1) != 0) return null;

        try
        {
            var backup = await PrepareAsync(cancellationToken);
            var createdAt = backup.Manifest.CreatedAt.UtcDateTime;
            return new ResultContent("application/gzip", (output, cancelled) => WriteAsync(backup, output, cancelled))
            {
                FileName = $"kuzzle-edge-{createdAt:yyyyMMdd-HHmmss}.backup",
            };
        }
        finally
        {
            // The next one may begin while this one is still being sent: its copies have no name that they could quarrel about.
            Volatile.Write(ref _isUnderWay, 0);
        }
    }

    /// <summary>On a thread of its own, since it blocks on the disk for as long as copying takes.</summary>
    private Task<PreparedBackup> PrepareAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                var taken = scope();
                return PreparedBackup.Take(taken, Path.Combine(taken.Storage, "backup.spool"), clock.GetUtcNow(), cancellationToken);
            }
            catch (BackupException exception)
            {
                throw new DocumentStoreException(exception.Message, exception);
            }
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static async ValueTask WriteAsync(PreparedBackup backup, PipeWriter output, CancellationToken cancellationToken)
    {
        using (backup) await backup.WriteAsync(output.AsStream(leaveOpen: true), cancellationToken);
    }
}
