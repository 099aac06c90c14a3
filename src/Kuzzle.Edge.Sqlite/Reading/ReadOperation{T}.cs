using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>A read with an answer.</summary>
internal sealed class ReadOperation<T>(Func<ReadConnection, T> read, CancellationToken cancellationToken) : ReadOperation(cancellationToken)
{
    // Asynchronously: what a caller does with the answer must not run on a reader's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _completion.Task;

    public override void Run(ReadConnection connection)
    {
        if (CancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(CancellationToken);
            return;
        }

        try
        {
            _completion.TrySetResult(connection.InTransaction(read));
        }
        catch (SqliteException exception) when (exception.IsInterrupt && CancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(CancellationToken);
        }
        catch (SqliteException exception)
        {
            if (exception.Fault == DocumentStoreFault.Corrupt) DamagedFiles.Suspect(exception.File);
            _completion.TrySetException(exception.ToStoreException());
        }
        catch (Exception exception)
        {
            // A fault of ours: told to the caller, whose request it is; the thread must live.
            _completion.TrySetException(exception);
        }
    }
}
