namespace Kuzzle.Edge.Broker.Events;

/// <summary>A type of event that can be asked for by its type.</summary>
public interface IBrokerEventKind
{
    /// <summary>The kind it is.</summary>
    static abstract BrokerEventKinds Watched { get; }
}
