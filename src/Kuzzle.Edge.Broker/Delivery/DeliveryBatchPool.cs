using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>Keeps as many batches as threads can use at once.</summary>
internal sealed class DeliveryBatchPool(BrokerClock clock, BrokerMetrics metrics)
{
    private readonly DeliveryBatch?[] _idle = new DeliveryBatch?[Environment.ProcessorCount * 2];

    public DeliveryBatch Rent()
    {
        var batch = Take() ?? new DeliveryBatch();
        batch.Begin(clock.Now);
        return batch;
    }

    /// <summary>Flushes the batch and takes it back.</summary>
    public void Finish(DeliveryBatch batch)
    {
        batch.Flush();
        metrics.Add(ref batch.Traffic);
        batch.End();
        foreach (ref var slot in _idle.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, batch, null) is null) return;
        }
    }

    private DeliveryBatch? Take()
    {
        foreach (ref var slot in _idle.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } batch) return batch;
        }

        return null;
    }
}
