using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Backups;

/// <summary>Keeps every gateway from a storage directory while something is done to its files.</summary>
public sealed class StorageHold : IDisposable
{
    private readonly StorageLock _documents;
    private readonly StorageLock _broker;

    private StorageHold(StorageLock documents, StorageLock broker)
    {
        _documents = documents;
        _broker = broker;
    }

    /// <summary>Takes it, and makes the directory when there is none.</summary>
    /// <exception cref="DocumentStoreException">A gateway is at work on it, or it cannot be written.</exception>
    public static StorageHold Take(string directory)
    {
        var documents = StorageLock.Take(directory, StorageFiles.Lock);
        try
        {
            return new StorageHold(documents, StorageLock.Take(directory, StorageFiles.BrokerLock));
        }
        catch
        {
            documents.Dispose();
            throw;
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        _broker.Dispose();
        _documents.Dispose();
    }
}
