namespace Kuzzle.Edge.Broker.Storage;

/// <summary>
/// Where a broker keeps what must outlive it: sessions that wait for their clients with their subscriptions and messages, retained messages, wills. The broker
/// calls it from one thread at a time and gathers changes itself, so an implementation is a plain, synchronous writer of commits.
/// </summary>
public interface IBrokerStore : IAsyncDisposable
{
    /// <summary>
    /// Whether what was committed is there after the process has ended. When not, the broker keeps everything in its own memory only and never calls
    /// <see cref="Commit"/>.
    /// </summary>
    bool IsDurable { get; }

    /// <summary>Reads all that was committed. Called once, before the first commit.</summary>
    /// <exception cref="BrokerStoreException">It cannot be read.</exception>
    StoredBroker Load();

    /// <summary>
    /// Writes all changes of a commit or none, and returns when they are on the disk. Changes of a session that is not there (any more) are left out, and so is
    /// the removal of what is not there.
    /// </summary>
    /// <exception cref="BrokerStoreException">Nothing was written, because the disk is full or broken. The broker tries the same commit again.</exception>
    void Commit(BrokerCommit commit);
}
