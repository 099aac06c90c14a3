using Kuzzle.Edge.Broker.Delivery;

namespace Kuzzle.Edge.Broker.Storage;

/// <summary>Somebody who waits for the disk.</summary>
internal interface IJournalWaiter
{
    /// <summary>A commit is on the disk. Called on a thread of the pool, with no lock held.</summary>
    void OnCommitted(DeliveryBatch batch);
}
