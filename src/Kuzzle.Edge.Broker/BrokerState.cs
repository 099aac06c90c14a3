namespace Kuzzle.Edge.Broker;

/// <summary>Where a broker is in its life.</summary>
public enum BrokerState
{
    /// <summary>It has not taken back what it has stored.</summary>
    Created,

    /// <summary>It serves.</summary>
    Serving,

    /// <summary>It turns new connections away, and the others end.</summary>
    Stopping,

    /// <summary>It has stopped.</summary>
    Closed,
}
