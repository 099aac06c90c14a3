namespace Kuzzle.Edge.Broker.Events;

/// <summary>Something that has happened in the broker.</summary>
public abstract record BrokerEvent
{
    private protected BrokerEvent()
    {
    }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; internal init; }

    internal abstract BrokerEventKinds Kind { get; }

    internal abstract ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken);
}
