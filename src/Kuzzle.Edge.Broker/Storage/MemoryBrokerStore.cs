namespace Kuzzle.Edge.Broker.Storage;

/// <summary>Keeps nothing beyond the broker's own memory: sessions and retained messages end with the process, and nothing ever waits for a disk.</summary>
public sealed class MemoryBrokerStore : IBrokerStore
{
    /// <inheritdoc/>
    public bool IsDurable => false;

    /// <inheritdoc/>
    public StoredBroker Load() => new(null, 0, [], []);

    /// <inheritdoc/>
    public void Commit(BrokerCommit commit) => throw new InvalidOperationException("A store that is not durable gets no commits.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
