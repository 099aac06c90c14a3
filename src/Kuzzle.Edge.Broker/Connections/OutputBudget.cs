using Kuzzle.Edge.Broker.Metrics;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>How much may wait in the outputs of clients that do not read: of each, and of all together.</summary>
/// <param name="metrics">Where the bytes are counted that wait in the broker.</param>
/// <param name="bound">How many bytes may wait for one client.</param>
/// <param name="total">How many bytes may wait for all clients, in outputs, queues and windows.</param>
internal sealed class OutputBudget(BrokerMetrics metrics, int bound, long total)
{
    /// <summary>So much may always wait: whoever reads at all is served however many others do not. Less is not worth counting.</summary>
    public const int Always = 16 * 1024;

    /// <summary>How many bytes may wait for one client.</summary>
    public int Bound => bound;

    /// <summary>
    /// How many bytes may wait for one client before it gets no more QoS 0 messages. When half of what may wait for all is taken, the rest is left to those
    /// that the broker has promised to deliver.
    /// </summary>
    public int BoundAtMostOnce => metrics.WaitingBytes < total / 2 ? bound : Math.Min(bound, Always);

    /// <summary>An output holds so many bytes more, or fewer.</summary>
    public void Changed(int bytes) => metrics.PendingChanged(bytes);
}
